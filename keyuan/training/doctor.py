"""What `manage doctor` counts again in this room: places taken and places used."""

from collections.abc import Iterator

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keyuan.kernel.doctor import examine
from keyuan.training.models import LIVE, Nomination, QuotaShare, TrainingClass

SHOWN = 20


@examine("录取人数与名额")
def classes_counted() -> Iterator[str]:
    """`TrainingClass.taken` is the number of its admitted nominations."""
    admitted = Nomination.objects.filter(training_class=OuterRef("pk"), state=Nomination.State.ADMITTED)
    wrong = TrainingClass.objects.annotate(counted=_count(admitted, "training_class"))
    for row in wrong.exclude(taken=F("counted")).order_by("pk")[:SHOWN]:
        yield f"班次 {row.pk}“{row.title}”记为已录取 {row.taken} 人，实有 {row.counted} 人；请停止录取，并与备份比对"


@examine("单位名额与推荐人数")
def shares_counted() -> Iterator[str]:
    """`QuotaShare.used` is the number of the unit's nominations that hold a place."""
    live = Nomination.objects.filter(
        training_class=OuterRef("training_class"), organisation=OuterRef("organisation"), state__in=LIVE
    )
    wrong = QuotaShare.objects.select_related("organisation").annotate(counted=_count(live, "organisation"))
    for row in wrong.exclude(used=F("counted")).order_by("pk")[:SHOWN]:
        yield (
            f"班次 {row.training_class_id} 中{row.organisation}记为已推荐 {row.used} 人，实有 {row.counted} 人；"
            "请暂停报名，并与备份比对"
        )


def _count(rows: "QuerySet[Nomination]", by: str) -> Coalesce:
    """How many of the rows, as a subquery; none is 0."""
    counted = rows.order_by().values(by).annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
