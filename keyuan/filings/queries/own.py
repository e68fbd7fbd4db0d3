"""What a sub-school's own plan offers to file: its activities that are not lines yet."""

from dataclasses import dataclass
from decimal import Decimal

from keyuan.filings.models import Filing, FrameType, Line, SubSchool
from keyuan.plan.models import KeyActivity
from keyuan.training.models import TrainingClass


@dataclass(frozen=True)
class Offered:
    """An activity of the own plan as it would be filed (可带入的活动)."""

    activity_id: int
    name: str
    type: FrameType
    month: int | None
    days: Decimal | None
    people: int | None


def own_school(filing: Filing) -> int | None:
    """The sub-school that this unit is, where it has a Keyuan of its own."""
    return (
        SubSchool.objects.filter(organisation_id=filing.organisation_id)
        .values_list("school_id", flat=True)
        .first()
    )


def untaken(filing: Filing) -> list[Offered]:
    """Activities of the sub-school's plan of the frame's year that no line was made from, with what its classes tell."""
    school = own_school(filing)
    types = list(filing.frame.types.all())
    if school is None or not types:
        return []
    taken = Line.objects.filter(filing=filing, withdrawn_at=None, source__isnull=False).values("source_id")
    rows = KeyActivity.objects.filter(plan__school_id=school, plan__year=filing.frame.year).exclude(
        pk__in=taken
    )
    activities = list(rows.select_related("type").order_by("number"))
    classes: dict[int, list[TrainingClass]] = {}
    for one in (
        TrainingClass.objects.filter(activity__in=activities).exclude(state="cancelled").order_by("starts")
    ):
        classes.setdefault(one.activity_id, []).append(one)
    by_name = {one.name: one for one in types}
    return [
        _offered(activity, classes.get(activity.pk, []), by_name.get(activity.type.name, types[0]))
        for activity in activities
    ]


def _offered(activity: KeyActivity, classes: list[TrainingClass], kind: FrameType) -> Offered:
    days = sum((one.ends - one.starts).days + 1 for one in classes)
    people = sum(one.places for one in classes)
    return Offered(
        activity.pk, activity.name[:80], kind, classes[0].starts.month if classes else None,
        Decimal(min(days, 366)) if days else None, people or None,
    )  # fmt: skip
