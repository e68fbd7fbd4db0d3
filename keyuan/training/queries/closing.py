"""How each trainee stands, and what still stands in the way of closing a class."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Func, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance import queries as attendance
from keyuan.attendance.models import Claim, Expected, Leave, Sitting
from keyuan.attendance.queries import Standing
from keyuan.training.models import Completion, Nomination, TimetableFinal, TrainingClass

OWNER = "training.class"


@dataclass(frozen=True)
class Outcome:
    """Where one trainee stands against the completion rules."""

    nomination: Nomination
    standing: Standing
    completed: bool
    reason: str

    @property
    def hours(self) -> Decimal:
        """Study hours that closing would bank: those attended, and only on completion."""
        return self.standing.present if self.completed else Decimal(0)


def judge(training_class: TrainingClass, standing: Standing) -> tuple[bool, str]:
    """Whether a standing completes the class, and why not.

    Leave beyond the limit (1/7 of the hours, 干部教育培训工作条例 2023 art. 15) fails; so does an attended
    share below the class's own. Evaluation is never required. The reason is kept with the record, in Chinese.
    """
    if standing.total <= 0:
        return False, "没有应到课次"
    if standing.leave_share.quantize(Decimal("0.0001")) > training_class.leave_limit:
        return False, f"请假占 {standing.leave_share:.1%}，超过上限"
    if standing.attendance_share < training_class.attendance_share:
        return False, f"出勤 {standing.attendance_share:.1%}，未达到 {training_class.attendance_share:.0%}"
    return True, ""


def outcomes(training_class: TrainingClass) -> list[Outcome]:
    """Every trainee's standing in four queries, in roster order."""
    return with_names(verdicts(training_class))


@dataclass(frozen=True)
class Verdict:
    """An outcome without the names (判定), so that three hundred can be judged and fifty shown."""

    nomination_id: int
    standing: Standing
    completed: bool
    reason: str


def verdicts(training_class: TrainingClass) -> list[Verdict]:
    """Every trainee judged, in roster order."""
    standings = attendance.standings(OWNER, training_class.pk)
    rows = training_class.nominations.filter(state=Nomination.State.ADMITTED)
    result = []
    for pk, person_id in rows.values_list("pk", "person_id"):
        standing = standings.get(person_id, Standing(person_id))
        result.append(Verdict(pk, standing, *judge(training_class, standing)))
    return result


def with_names(found: Sequence[Verdict]) -> list[Outcome]:
    """These verdicts with person and unit, in one query and in their order."""
    rows = Nomination.objects.filter(pk__in=[verdict.nomination_id for verdict in found])
    known = {row.pk: row for row in rows.order_by().select_related("person", "organisation")}
    return [Outcome(known[v.nomination_id], v.standing, v.completed, v.reason) for v in found]


@dataclass(frozen=True)
class Check:
    """One line of the closing checklist."""

    title: str
    ok: bool
    note: str
    link: str = ""
    blocking: bool = True


CheckSource = Callable[[TrainingClass], list[Check]]
_CHECKS: list[CheckSource] = []


def check_source(function: CheckSource) -> CheckSource:
    """A higher room adds its own lines to the closing checklist, in one query or few."""
    _CHECKS.append(function)
    return function


def checklist(training_class: TrainingClass) -> list[Check]:
    """What closing asks for, here and in the rooms above; lines that do not block are advice."""
    base = f"/classes/{training_class.pk}/"
    timetable, signing = f"{base}timetable/", f"{base}attendance/"
    n = _left_over(training_class)
    released, numbered = bool(training_class.timetable_version), bool(training_class.notice_number)
    n["unreleased"] = n["stale"] + n["removed"]
    return [
        Check(_("课程表已发布"), released, _("终版课程表是结班材料"), timetable),
        Check(
            _("课程表没有未发布的改动"),
            not n["unreleased"],
            _("还有 %(unreleased)s 处改动未发布") % n,
            timetable,
        ),
        Check(
            _("课程表已定为终版"),
            bool(n["final"]),
            _("请在课程表页按“定为终版”，终版随档案保存"),
            timetable,
        ),
        Check(_("全部课次已经结束"), not n["open"], _("还有 %(open)s 个课次未结束") % n, timetable),
        Check(_("每个课次都有签到"), not n["unsigned"], _("%(unsigned)s 个课次没有任何签到") % n, signing),
        Check(
            _("推荐报名都已审核"),
            not n["pending"],
            _("还有 %(pending)s 人待审核或退回") % n,
            f"{base}nominations/",
        ),
        Check(_("请假都已审批"), not n["leaves"], _("还有 %(leaves)s 张请假单待审批") % n, signing),
        Check(_("补签申报都已核实"), not n["claims"], _("还有 %(claims)s 份补签申报待核实") % n, signing),
        *(check for source in _CHECKS for check in source(training_class)),
        Check(_("已登记发文字号"), numbered, _("通知还没有文号，可以结班后补"), base, blocking=False),
    ]


def _left_over(training_class: TrainingClass) -> dict[str, int]:
    """How much of each kind is still open."""
    pk = training_class.pk
    sittings = Sitting.objects.filter(owner_label=OWNER, owner_id=pk, state=Sitting.State.PLANNED)
    signed = Expected.objects.filter(checkin__isnull=False).values("sitting_id")
    claims = Claim.objects.filter(
        expected__sitting__owner_label=OWNER, expected__sitting__owner_id=pk, state=Claim.State.SUBMITTED
    )
    leaves = Leave.objects.filter(owner_label=OWNER, owner_id=pk, state=Leave.State.REQUESTED)
    counted = {
        "stale": training_class.sessions.filter(released=False),
        "removed": training_class.released_sessions.filter(cancelled_at=None, session=None),
        "final": _standing_final(pk),
        "open": sittings.filter(ends__gt=timezone.now()),
        "unsigned": sittings.exclude(pk__in=signed),
        "pending": training_class.nominations.filter(state__in=["submitted", "returned"]),
        "leaves": leaves,
        "claims": claims,
    }
    numbers = {name: _how_many(rows) for name, rows in counted.items()}
    found = TrainingClass.objects.filter(pk=pk).order_by().values_list(*numbers.values()).get()
    return dict(zip(numbers, found, strict=True))


def _standing_final(class_id: int) -> QuerySet[TimetableFinal]:
    """The declaration of a final version, where the newest one of the class was not taken back."""
    turns = TimetableFinal.objects.filter(training_class=class_id)
    newest = turns.order_by("-turn").values("pk")[:1]
    return turns.filter(pk=Subquery(newest), version__isnull=False)


def _how_many(rows: QuerySet[Any]) -> Subquery:
    """The number of some rows as part of another query."""
    return Subquery(rows.order_by().annotate(how_many=Func(F("pk"), function="COUNT")).values("how_many"))


def completions(training_class: TrainingClass) -> QuerySet[Completion]:
    """The outcomes frozen at the last closing, in roster order."""
    rows = Completion.objects.filter(
        nomination__training_class=training_class, closing=training_class.closings
    )
    return rows.select_related("nomination__person", "nomination__organisation").order_by("nomination_id")


def completions_of(training_class: TrainingClass) -> list[Completion]:
    """The outcomes frozen at the last closing, all of them."""
    return list(completions(training_class))
