"""Materials as who gives them out keeps them, and as one archive."""

from collections.abc import Iterator

from django.db.models import QuerySet

from keyuan.coursework.models import Material
from keyuan.coursework.queries.mine import given
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import StoredFile
from keyuan.training.models import Session, TrainingClass

MOST_OTHERS = 100


def kept_in(actor: Actor, training_class: TrainingClass) -> QuerySet[Material]:
    """All of a class, those taken back too, in their order."""
    rows = visible(actor, Material).filter(training_class=training_class)
    return rows.select_related("session", "added_by")


def of_session(actor: Actor, session: Session) -> QuerySet[Material]:
    """Those of one session."""
    return visible(actor, Material).filter(session=session).select_related("added_by")


def borrowable(actor: Actor, training_class: TrainingClass) -> QuerySet[Material]:
    """What other classes of the school allow to be used here, the newest first."""
    rows = visible(actor, Material).filter(
        training_class__school_id=training_class.school_id, use=Material.Use.SCHOOL, withdrawn_at=None
    )
    rows = rows.exclude(training_class=training_class).exclude(file_id=None)
    return rows.select_related("training_class").order_by("-pk")[:MOST_OTHERS]


def packable(actor: Actor, training_class: TrainingClass) -> Iterator[tuple[str, StoredFile]]:
    """What is given out now with a name for each in an archive; two queries."""
    rows = list(given(actor, training_class))
    stored = StoredFile.objects.in_bulk([row.file_id for row in rows])
    for number, row in enumerate(rows, 1):
        if row.file_id in stored:
            title = row.title.replace("/", "／").replace("\\", "＼")
            yield f"{number:02}_{title}.{row.kind}", stored[row.file_id]
