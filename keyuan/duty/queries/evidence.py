"""What attendance and timetables say of duties: for each person the classes attended and the lectures given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q

from keyuan.attendance.models import Expected
from keyuan.duty.models import Kind, Proof
from keyuan.duty.queries.counting import counted_classes, counted_lectures
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models import Completion, TrainingClass

OWNER = "training.class"


@dataclass(frozen=True)
class Evidence:
    """One thing done by one person (履职事实): a class attended or a session taught, and when."""

    how: str
    class_id: int
    session_id: int | None
    title: str
    day: date

    @property
    def source(self) -> tuple[int, int | None]:
        """What tells it from any other."""
        return self.class_id, self.session_id


Found = Mapping[int, list[Evidence]]


def _decided(classes: Iterable[TrainingClass]) -> dict[tuple[int, int], bool]:
    """Of closed classes how each trainee's ended, as the closing froze it: (class, person) → completed."""
    closed = [one.pk for one in classes if one.state == TrainingClass.State.CLOSED]
    rows = Completion.objects.filter(
        nomination__training_class_id__in=closed, closing=F("nomination__training_class__closings")
    )
    told = rows.values_list("nomination__training_class_id", "nomination__person_id", "completed")
    return {(klass, person): completed for klass, person, completed in told}


def _came(classes: Iterable[int], people: Iterable[int]) -> Iterable[tuple[int, int, int, int]]:
    """(class, person, sittings expected at, sittings present at), called-off sittings aside."""
    rows = Expected.objects.filter(
        sitting__owner_label=OWNER, sitting__owner_id__in=list(classes), sitting__state="planned",
        person_id__in=list(people),
    )  # fmt: skip
    counted = rows.order_by().values("sitting__owner_id", "person_id")
    told = counted.annotate(
        expected=Count("pk"), came=Count("pk", filter=Q(checkin__verdict__in=("present", "late")))
    )
    return told.values_list("sitting__owner_id", "person_id", "expected", "came")


def attended(school: School, people: Iterable[int], on: date) -> Found:
    """The counted classes each person attended, over by the day, the earliest first; four queries for any number.

    Attended is completed; while the class is not closed, as often present as it asks.
    """
    over = counted_classes(school).filter(state__in=("published", "closed"), ends__lt=on)
    classes = {one.pk: one for one in over.only("pk", "title", "ends", "state", "attendance_share")}
    decided = _decided(classes.values())
    found: dict[int, list[Evidence]] = {}
    for class_id, person_id, expected, came in _came(classes, people):
        klass = classes[class_id]
        enough = came > 0 and Decimal(came) >= klass.attendance_share * expected
        if decided.get((class_id, person_id), enough):
            evidence = Evidence(Proof.How.ATTENDANCE.value, class_id, None, klass.title, klass.ends)
            found.setdefault(person_id, []).append(evidence)
    return {who: sorted(rows, key=lambda row: (row.day, row.class_id)) for who, rows in found.items()}


def lectured(school: School, people: Iterable[int], on: date) -> Found:
    """The counted sessions each person taught, held before the day; the earliest first."""
    rows = counted_lectures(school).filter(teacher_id__in=list(people), date__lt=on)
    told = rows.order_by("date", "starts", "number").values_list(
        "teacher_id", "training_class_id", "number", "title", "training_class__title", "date"
    )
    found: dict[int, list[Evidence]] = {}
    for teacher_id, class_id, number, title, of_class, day in told:
        if teacher_id is not None:
            said = f"{title}（{of_class}）"[:200]
            evidence = Evidence(Proof.How.TIMETABLE.value, class_id, number, said, day)
            found.setdefault(teacher_id, []).append(evidence)
    return found


def _known_as(school: School, people: Iterable[int]) -> dict[int, int]:
    """Under which numbers people are registered, in the school and by the same identity number in its branches."""
    own = list(people)
    rows = Person.objects.filter(pk__in=own).exclude(id_index="").values_list("id_index", "pk")
    indexes = dict(rows)
    twins = Person.objects.filter(school__parent_id=school.pk, id_index__in=indexes, erased_at=None)
    known = {pk: indexes[index] for pk, index in twins.values_list("pk", "id_index")}
    return known | {pk: pk for pk in own}


def of_kind(kind: str, school: School, people: Iterable[int], on: date) -> Found:
    """What speaks for a duty of a kind, by holder, whatever number a branch registered them under."""
    known = _known_as(school, people)
    told = attended(school, known, on) if kind == Kind.ATTEND else lectured(school, known, on)
    found: dict[int, list[Evidence]] = {}
    for number, rows in told.items():
        found.setdefault(known[number], []).extend(rows)
    return {
        who: sorted(rows, key=lambda row: (row.day, row.class_id, row.session_id or 0))
        for who, rows in found.items()
    }
