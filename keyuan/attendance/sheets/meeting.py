"""A meeting platform's list of who came when (参会记录): judged against the list of a sitting, then taken in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.actions.meeting import OnlineRow, take_stays
from keyuan.attendance.models import Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.queries.meeting import Roster
from keyuan.attendance.rules.meetings import Meant, Span, credited, cut, enough, meant, span
from keyuan.attendance.sheets.platforms import duration, moment, workbook
from keyuan.kernel import batchjobs
from keyuan.kernel.access import Actor
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import CellFault, Column, Row, Sheet, batches
from keyuan.kernel.sheet.readers import text

Context = Mapping[str, Any]
PURPOSE = "attendance.meeting"
NAME = "用户昵称"

MEETING = Sheet(
    PURPOSE, "线上参会记录",
    (
        Column(
            "name", NAME, text, required=True, width=28, example="张三-省农学会",
            aliases=(
                "昵称", "姓名", "参会人", "参会人员", "参会者", "参与者", "成员", "成员姓名", "名称", "显示名称", "Name",
                "Full Name", "Participant", "Participant Name", "User Name", "Name (Original Name)",
            ),
        ),
        Column(
            "joined", "首次入会时间", moment, required=True, width=20, example="2026-11-23 09:00:05",
            aliases=(
                "入会时间", "加入时间", "首次加入时间", "进入时间", "首次进入时间", "进会时间", "Join Time", "First Join",
                "First Join Time", "Joined", "UTC Event Timestamp",
            ),
        ),
        Column(
            "left", "最后退会时间", moment, required=True, width=20, example="2026-11-23 11:30:00",
            aliases=("退会时间", "离开时间", "最后离开时间", "退出时间", "离会时间", "Leave Time", "Last Leave", "Last Leave Time", "Left"),
        ),
        Column(
            "spent", "累计参会时长", duration, width=14, example="2:29:55",
            aliases=(
                "参会时长", "在线时长", "入会时长", "会议时长", "时长", "总时长", "持续时间", "Duration", "Duration (Minutes)",
                "Total Duration", "Total Duration (Minutes)", "In-Meeting Duration", "In Meeting Duration",
            ),
        ),
    ),
    notes=("从会议平台导出后原样上传即可，不必修改。",),
)  # fmt: skip


def received(actor: Actor, *, sittings: Sequence[Sitting], upload: UploadedFile) -> Batch:
    """Read a list for some sittings and keep it for preview. Raises Fault where it is no such list."""
    context = {"sittings": [sitting.pk for sitting in sittings]}
    with workbook(upload) as book:
        return batches.receive(actor, purpose=PURPOSE, upload=book, context=context)


def _sittings(context: Context) -> list[Sitting]:
    return list(Sitting.objects.filter(pk__in=context["sittings"]).order_by("starts", "pk"))


def _stay(row: Row) -> Span | None:
    """The stay a row tells of, on the academy's clock; None where it ends before it begins."""
    first, last = (timezone.make_aware(datetime.fromisoformat(row.values[key])) for key in ("joined", "left"))
    spent = row.values.get("spent")
    return span(first, last, int(spent) if spent else None) if first < last else None


class MeetingRoom:
    """What a sitting says to a meeting's list (线上参会)."""

    def thing(self, context: Context) -> Sitting:
        """The right is asked over the first sitting; over the others when rows go in."""
        return _sittings(context)[0]

    def judge(self, actor: Actor, context: Context, rows: Sequence[Row]) -> dict[int, list[CellFault]]:
        """A name nobody or several bear, a stay outside the sittings; and what each person's minutes come to."""
        roster = Roster(_sittings(context))
        found: dict[int, list[CellFault]] = {}
        stays: dict[int, list[Span]] = {}
        sure: list[tuple[Row, Meant]] = []
        for row in rows:
            if not row.ok:
                continue
            who, stay = meant(row.values["name"], roster.names, roster.codes), _stay(row)
            fault = _fault(row, who, stay, roster)
            if fault is not None or stay is None:
                found[row.number] = [fault] if fault else []
                continue
            sure.append((row, who))
            for person in who.people:
                stays.setdefault(person, []).append(stay)
        for row, who in sure:
            _tell(row, who, stays, roster)
        return found

    def prepare(self, actor: Actor, context: Context, rows: Sequence[Row]) -> list[OnlineRow]:
        """Whom each row means and how long they stayed."""
        roster = Roster(_sittings(context))
        made = []
        for row in rows:
            stay = _stay(row)
            people = meant(row.values["name"], roster.names, roster.codes).people
            made.append(OnlineRow(row.number, people, stay or _nothing()))
        return made

    def apply(self, actor: Actor, context: Context, rows: Sequence[OnlineRow]) -> dict[int, batches.Outcome]:
        """Keep the stays and judge presence by them."""
        counts = take_stays(actor, sittings=_sittings(context), rows=rows)
        refusal = _("名单已有变动，这一行没有对应的学员，请核对后重新上传。")
        return {
            number: batches.Outcome(count) if count else batches.Outcome(refusal=refusal)
            for number, count in counts.items()
        }


def _nothing() -> Span:
    now = timezone.now()
    return Span(now, now, 0)


def _fault(row: Row, who: Meant, stay: Span | None, roster: Roster) -> CellFault | None:
    if stay is None:
        return CellFault("最后退会时间", "order", _("退会时间不晚于入会时间，请核对。"), "room")
    if who.shared:
        words = _("名单里有几位“%(name)s”，请改填其本人码（看板上的 6 位字符）。") % {
            "name": "、".join(who.shared)
        }
        return CellFault(NAME, "shared_name", words, "room")
    if not who.people:
        words = _(
            "应到名单里没有对得上的人。是学员的，请改成名单上的姓名；主持人、授课人等不必改，不会导入。"
        )
        return CellFault(NAME, "unknown_name", words, "room")
    if not any(cut(stay, each.starts, each.ends) for each in roster.sittings):
        return CellFault(
            "首次入会时间", "outside", _("这段时间不在所选课次内，请核对选的是不是这一天的课。"), "room"
        )
    return None


def _tell(row: Row, who: Meant, stays: Mapping[int, list[Span]], roster: Roster) -> None:
    """Say beside the row whom it was taken for and what their minutes come to, sitting by sitting."""
    column = MEETING.column("name")
    if who.guessed:
        names = "、".join(roster.shown[person] for person in who.people)
        row.remark(column, "guessed", _("按昵称里的文字认作%(names)s，请核对。") % {"names": names}, "room")
    for person in who.people:
        for sitting in roster.sittings:
            words = _verdict(roster.shown[person], stays[person], sitting)
            if words:
                row.remark(column, "minutes", words, "room")


def _verdict(name: str, stays: Sequence[Span], sitting: Sitting) -> str:
    parts = [part for stay in stays if (part := cut(stay, sitting.starts, sitting.ends))]
    if not parts:
        return ""
    length, share = sitting.ends - sitting.starts, limits_on(sitting.school_id, sitting.date).online_share
    seconds = credited(parts)
    facts = {
        "name": name, "title": sitting.title, "n": seconds // 60,
        "all": int(length.total_seconds()) // 60, "share": f"{share * 100:.0f}",
    }  # fmt: skip
    if enough(seconds, length, share):
        return _("%(name)s《%(title)s》在线 %(n)s/%(all)s 分钟，达到 %(share)s%%，算到课") % facts
    return _("%(name)s《%(title)s》在线 %(n)s/%(all)s 分钟，不足 %(share)s%%，不算到课") % facts


batches.purpose(PURPOSE, sheet=MEETING, rule="attendance.mark", by_hand=False)(MeetingRoom)


@batchjobs.back(PURPOSE)
def _back(batch: Batch) -> str:
    """To the board of the first sitting."""
    return f"/attendance/{batch.context['sittings'][0]}/"
