"""The life of a turn and of a host's report, as tables."""

from typing import Any

from keyuan.hosting.models import Report, Turn
from keyuan.kernel import notify
from keyuan.kernel.flow import Flow, Move
from keyuan.people.queries import holders_of, liaisons_of
from keyuan.people.roles import Role

S, R = Turn.State, Report.State
KEEP, ANSWER, WORK = "hosting.keep", "hosting.answer", "hosting.work"

notify.kind(
    "hosting.invited",
    title="承办邀请",
    text="请贵单位承办“{turn}”（{day}），请于{by}前答复。页面写明了为什么轮到贵单位。",
)
notify.kind("hosting.answered", title="承办答复", text="{unit}对“{turn}”的答复：{answer}。{reason}")
notify.kind(
    "hosting.confirmed", title="承办已确认", text="贵单位承办“{turn}”（{day}）已确认，请按任务清单办理。"
)
notify.kind("hosting.moved", title="承办事项有变动", text="“{turn}”{what}。{reason}")
notify.kind("hosting.swap", title="承办对调", text="“{turn}”与“{other}”对调：{what}。{reason}")
notify.kind("hosting.report", title="活动总结", text="“{turn}”的活动总结{what}。{reason}")
notify.kind("hosting.due", title="承办提醒", text="“{turn}”：{what}，期限{due}。")

TURN: Flow[Turn] = Flow(
    "hosting.turn",
    Turn,
    Move("propose", "排出承办单位", (S.OPEN,), S.PROPOSED, KEEP),
    Move("invite", "发出邀请", (S.PROPOSED,), S.INVITED, KEEP),
    Move("accept", "同意承办", (S.INVITED,), S.ACCEPTED, ANSWER),
    Move("decline", "谢绝", (S.INVITED,), S.OPEN, ANSWER, reason=True, noted="note"),
    Move("defer", "申请延后", (S.INVITED,), S.OPEN, ANSWER, reason=True, noted="note"),
    Move("skip", "本期不排", (S.PROPOSED, S.INVITED), S.OPEN, KEEP, reason=True, noted="note"),
    Move("release", "临时更换", (S.ACCEPTED,), S.OPEN, KEEP, reason=True, noted="note"),
    Move("step_in", "临时顶替", (S.OPEN,), S.ACCEPTED, KEEP),
    Move("complete", "登记已举办", (S.ACCEPTED,), S.DONE, KEEP),
    Move(
        "cancel", "取消活动", (S.OPEN, S.PROPOSED, S.INVITED, S.ACCEPTED), S.CANCELLED, KEEP,
        reason=True, danger=True, noted="note",
    ),
    begins=(S.DONE.value,),
)  # fmt: skip

REPORT: Flow[Report] = Flow(
    "hosting.report",
    Report,
    Move("submit", "报送总结", (R.DRAFT, R.RETURNED), R.SUBMITTED, WORK),
    Move("accept", "通过", (R.SUBMITTED,), R.ACCEPTED, KEEP, noted="note"),
    Move("return", "退回补充", (R.SUBMITTED,), R.RETURNED, KEEP, reason=True, noted="note"),
)


def tell_unit(turn: Turn, unit: int | None, kind: str, **facts: Any) -> None:
    """Tell a unit's liaisons about a turn, with where to find it."""
    _tell(turn, liaisons_of([unit] if unit else []).get(unit or 0, []), kind, **facts)


def tell_office(turn: Turn, kind: str, **facts: Any) -> None:
    """Tell the school's registrars about a turn."""
    _tell(turn, holders_of(Role.REGISTRAR, turn.rota.school_id), kind, **facts)


def _tell(turn: Turn, people: list[int], kind: str, **facts: Any) -> None:
    notify.tell(
        people, kind, f"/hosting/turns/{turn.pk}/", school_id=turn.rota.school_id, turn=str(turn), **facts
    )
