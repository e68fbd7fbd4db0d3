"""Sheets a class gives out: roster, attendance, leave, timetable, certificates."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from keyuan.attendance.models import Expected, Leave
from keyuan.attendance.queries import granted, mark_of
from keyuan.credits.models import Certificate
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Sheet, told
from keyuan.people import guests
from keyuan.training.models import Nomination, Session, TimetableVersion, TrainingClass
from keyuan.training.queries import versions

OWNER = "training.class"
MARKS = {"present": "√", "late": "迟", "leave": "假", "absent": "缺", "waiting": ""}


ROSTER_OUT = Sheet(
    "training.roster", "学员名册",
    (told("no", "序号", 6), told("name", "姓名"), told("sex", "性别", 6), told("unit", "单位", 30),
     told("post", "职务", 20), told("group", "组别", 6), told("lodging", "住宿", 6)),
)  # fmt: skip
LEAVE_OUT = Sheet(
    "training.leave", "请假登记",
    (told("no", "序号", 6), told("name", "姓名"), told("unit", "单位", 30), told("at", "申请时间", 18),
     told("sittings", "请假课次", 40), told("half_days", "半天数", 8), told("reason", "事由", 30), told("state", "结果", 10)),
)  # fmt: skip
TIMETABLE_OUT = Sheet(
    "training.timetable", "课程表",
    (told("date", "日期"), told("half", "时段", 8), told("time", "时间", 14), told("kind", "形式"),
     told("title", "内容", 40), told("teacher", "主讲"), told("place", "地点", 24), told("hours", "学时", 6)),
)  # fmt: skip
CERTIFICATES_OUT = Sheet(
    "training.certificates", "证书发放登记",
    (told("no", "序号", 6), told("number", "证书编号", 26), told("name", "姓名"), told("unit", "单位", 30),
     told("hours", "学时", 6), told("state", "状态", 10)),
)  # fmt: skip


def roster_file(rows: Iterable[Nomination]) -> bytes:
    """The roster in the given order (.xlsx)."""
    lines = (
        {"no": str(n), "name": row.person.name, "sex": row.person.sex, "unit": row.organisation.name,
         "post": row.person.post_title, "group": str(row.group or ""), "lodging": "是" if row.lodging else ""}
        for n, row in enumerate(rows, 1)
    )  # fmt: skip
    return ROSTER_OUT.export(lines)


@in_chinese
def attendance_file(training_class: TrainingClass) -> bytes:
    """One row a trainee, one column a session (.xlsx)."""
    sessions = list(training_class.sessions.filter(sitting_id__isnull=False).order_by("date", "starts"))
    columns = [told("no", "序号", 6), told("name", "姓名"), told("unit", "单位", 28)]
    columns += [
        told(f"s{s.sitting_id}", f"{s.date:%m-%d}{s.get_half_display()} {s.title}", 14) for s in sessions
    ]
    sheet = Sheet("training.attendance", "考勤表", tuple(columns), notes=("√ 到　迟 迟到　假 请假　缺 缺勤",))
    return sheet.export(_attendance_lines(training_class))


def _attendance_lines(training_class: TrainingClass) -> Iterator[dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = Expected.objects.filter(sitting__owner_label=OWNER, sitting__owner_id=training_class.pk).annotate(
        on_leave=granted()
    )
    for person, sitting, verdict, on_leave in rows.values_list(
        "person_id", "sitting_id", "checkin__verdict", "on_leave"
    ):
        mark = mark_of(verdict, on_leave=on_leave, ended=True)
        found.setdefault(person, {})[f"s{sitting}"] = MARKS[mark]
    trainees = training_class.nominations.filter(state="admitted").select_related("person", "organisation")
    for n, row in enumerate(trainees, 1):
        yield {
            "no": str(n),
            "name": row.person.name,
            "unit": row.organisation.name,
            **found.get(row.person_id, {}),
        }


@in_chinese
def leave_file(training_class: TrainingClass) -> bytes:
    """Every leave slip and what became of it (.xlsx)."""
    leaves = Leave.objects.filter(owner_label=OWNER, owner_id=training_class.pk).select_related(
        "person__organisation"
    )
    lines = (
        {
            "no": str(n), "name": leave.person.name, "unit": leave.person.unit,
            "at": f"{leave.requested_at:%Y-%m-%d %H:%M}",
            "sittings": "；".join(row.expected.sitting.title for row in leave.sittings.select_related("expected__sitting")),
            "half_days": str(leave.half_days), "reason": leave.reason, "state": leave.get_state_display(),
        }
        for n, leave in enumerate(leaves.prefetch_related("sittings"), 1)
    )  # fmt: skip
    return LEAVE_OUT.export(lines)


LINKS_OUT = Sheet(
    "training.links", "学员专属链接",
    (told("no", "序号", 6), told("name", "姓名"), told("unit", "单位", 30), told("link", "专属链接（只发给本人）", 90)),
)  # fmt: skip


def links_file(training_class: TrainingClass) -> bytes:
    """Each trainee's own link, by which a phone without an account signs in to sessions and asks leave (.xlsx)."""
    trainees = training_class.nominations.filter(state="admitted").select_related("person", "organisation")
    lines = (
        {"no": str(n), "name": row.person.name, "unit": row.organisation.name,
         "link": guests.link_for(row.person_id, f"/my/classes/{training_class.pk}/")}
        for n, row in enumerate(trainees, 1)
    )  # fmt: skip
    return LINKS_OUT.export(lines)


@in_chinese
def timetable_file(training_class: TrainingClass) -> bytes:
    """The timetable (.xlsx): the final version, else the newest released, else the draft; it says which."""
    return _timetable_file(versions.standing(training_class), versions.standing_words(training_class))


@in_chinese
def version_file(version: TimetableVersion) -> bytes:
    """One version of the timetable (.xlsx)."""
    at = timezone.localtime(version.released_at)
    final = "（终版）" if versions.final_of(version.training_class) == version else ""
    words = f"第 {version.number} 版{final}，{at:%Y-%m-%d %H:%M} 发布"
    return _timetable_file(versions.sessions_of_version(version), words)


def _timetable_file(sessions: Iterable[Session], which: str) -> bytes:
    lines: list[dict[str, str]] = [
        {
            "date": f"{s.date:%Y-%m-%d}", "half": s.get_half_display(), "time": f"{s.starts:%H:%M}—{s.ends:%H:%M}",
            "kind": s.get_kind_display(), "title": s.title, "teacher": str(s.teacher or ""), "place": s.place,
            "hours": f"{s.hours.normalize():f}",
        }
        for s in sessions
    ]  # fmt: skip
    # A printed draft lies about for weeks: the last line says what it is.
    return TIMETABLE_OUT.export([*lines, {"title": f"以上为课程表{which}"}], title="课程表")


def certificate_file(training_class: TrainingClass) -> bytes:
    """The register of certificates (.xlsx), void ones included."""
    rows = Certificate.objects.filter(owner_label=OWNER, owner_id=training_class.pk).order_by("id")
    lines = (
        {"no": str(n), "number": c.number, "name": c.holder_name, "unit": c.organisation_name,
         "hours": f"{c.hours.normalize():f}", "state": c.get_state_display()}
        for n, c in enumerate(rows, 1)
    )  # fmt: skip
    return CERTIFICATES_OUT.export(lines)
