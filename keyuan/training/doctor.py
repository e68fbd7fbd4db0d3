"""What `manage doctor` counts again in this room: places taken and used, timetables as released."""

from collections.abc import Iterator

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from keyuan.kernel.doctor import examine
from keyuan.training.models import LIVE, Nomination, QuotaShare, TimetableVersion, TrainingClass
from keyuan.training.queries import versions
from keyuan.training.rules.differences import difference, line_of

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


@examine("已发布课程表与版本")
def timetables_agree() -> Iterator[str]:
    """What everybody sees of a timetable (`ReleasedSession`) is what the newest version holds."""
    rows = TrainingClass.objects.filter(timetable_version__gt=0).order_by("pk")
    newest = TimetableVersion.objects.filter(training_class=OuterRef("pk")).order_by("-number")
    wrong = 0
    for row in rows.annotate(newest=Subquery(newest.values("pk")[:1])).iterator():
        version = TimetableVersion.objects.filter(pk=row.newest).first()
        seen = row.released_sessions.filter(cancelled_at=None)
        held = versions.lines_of(version) if version else []
        if version is None or version.number != row.timetable_version or difference(held, map(line_of, seen)):
            yield f"班次 {row.pk}“{row.title}”对外的课程表与第 {row.timetable_version} 版不同；请改动一处后重新发布"
            wrong += 1
        if wrong >= SHOWN:
            return


def _count(rows: "QuerySet[Nomination]", by: str) -> Coalesce:
    """How many of the rows, as a subquery; none is 0."""
    counted = rows.order_by().values(by).annotate(found=Count("pk")).values("found")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
