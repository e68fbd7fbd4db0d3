"""What every step with a rota begins with: the rota locked, the right asked, and its line in the log."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.hosting.models import LogEntry, Passing, Rota, Turn
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict

audit.sentence("hosting.rota_opened", "建立了承办轮值：{thing}")
audit.sentence("hosting.rota_changed", "修改了承办轮值：{thing}")
audit.sentence("hosting.joined", "单位加入承办轮值：{thing}，{n} 家")
audit.sentence("hosting.left", "单位退出承办轮值：{thing}")
audit.sentence("hosting.rule_set", "设定了轮值规定：自 {thing} 起")
audit.sentence("hosting.exempted", "登记了免排：{thing}")
audit.sentence("hosting.unexempted", "撤销了免排：{thing}")
audit.sentence("hosting.templates_set", "设定了承办任务模板：{thing}")
audit.sentence("hosting.turns_added", "增加了承办期次：{thing}，{n} 期")
audit.sentence("hosting.past_recorded", "补录了承办历史：{thing}")
audit.sentence("hosting.co_hosted", "登记了联合承办：{thing}")
audit.sentence("hosting.co_host_dropped", "取消了联合承办：{thing}")
audit.sentence("hosting.swap_asked", "提出了承办对调：{thing}")
audit.sentence("hosting.swap_answered", "答复了承办对调：{thing}")
audit.sentence("hosting.swapped", "确认了承办对调：{thing}")
audit.sentence("hosting.event_set", "填写了承办活动安排：{thing}")
audit.sentence("hosting.task_done", "完成了承办任务：{thing}")
audit.sentence("hosting.task_undone", "撤回了承办任务的完成：{thing}")
audit.sentence("hosting.lecturer_set", "登记了承办活动授课人：{thing}")
audit.sentence("hosting.lecturer_dropped", "取消了承办活动授课人：{thing}")
audit.sentence("hosting.report_written", "填写了活动总结：{thing}")
audit.sentence("hosting.file_added", "上传了活动材料：{thing}")


def locked(actor: Actor, rota: Rota, right: str = "hosting.keep") -> Rota:
    """The rota, locked until the caller's transaction ends: no two steps read the same order."""
    one = Rota.objects.select_for_update().get(pk=rota.pk)
    require(actor, right, one)
    return one


def locked_turn(actor: Actor, turn: Turn, right: str) -> Turn:
    """The turn as stored, its rota locked before it, once the right over it was asked."""
    Rota.objects.select_for_update().get(pk=turn.rota_id)
    rows = Turn.objects.select_for_update(of=("self",)).select_related("rota", "host")
    one = rows.get(pk=turn.pk)
    require(actor, right, one)
    return one


def in_state(turn: Turn, *states: str) -> None:
    """Raises Conflict where the turn has moved on."""
    if turn.state not in states:
        raise Conflict(
            _("这一期现在是“%(state)s”，不能这样办，请刷新页面再看。") % {"state": turn.get_state_display()}
        )


def log(actor: Actor, rota: Rota, kind: str, **facts: Any) -> LogEntry:
    """One more line; the caller holds the rota's lock, so no number is given twice."""
    last = LogEntry.objects.filter(rota=rota).order_by("-seq").values_list("seq", flat=True).first() or 0
    return LogEntry.objects.create(
        rota=rota, seq=last + 1, kind=kind, facts=facts, done_by_id=actor.person_id
    )


def freed(
    actor: Actor, turn: Turn, how: Passing.How, reason: str, *, unit: int | None, until: date | None = None
) -> None:
    """The turn goes back: the unit keeps its place, and the reason stands beside the turn."""
    if unit is None:
        return
    log(actor, turn.rota, "free", turn=turn.pk, society=unit, why=how.value)
    Passing.objects.create(
        turn=turn, organisation_id=unit, how=how, reason=reason.strip()[:200], until=until,
        done_by_id=actor.person_id,
    )  # fmt: skip
    Turn.objects.filter(pk=turn.pk).update(host=None, drawn_seq=None, answer_by=None, jumped_in=False)
    turn.host, turn.drawn_seq, turn.answer_by, turn.jumped_in = None, None, None, False
