"""The documents of a class as its own words and numbers are found again."""

from collections.abc import Collection

from keyuan.kernel import files
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.models import DocNumber, StoredFile
from keyuan.kernel.papers import registering
from keyuan.training.models import TrainingClass

# What drafts and photographs of a class go by, and what its numbers go by, one kind of document each.
OWNER = "training.TrainingClass"
NUMBERED = {"notice": "training.notice", "minutes": "training.minutes"}
PHOTOS = "training.photos"


def numbers_of(training_class: TrainingClass) -> dict[str, DocNumber | None]:
    """The number in use of each kind of document."""
    return {kind: registering.number_of(label, training_class.pk) for kind, label in NUMBERED.items()}


def numbered_of(actor: Actor, class_ids: Collection[int]) -> list[DocNumber]:
    """The numbered documents of several classes that an actor sees, the newest first; one query."""
    rows = visible(actor, DocNumber).filter(
        owner_label__in=NUMBERED.values(), owner_id__in=class_ids, state=DocNumber.State.USED
    )
    return list(rows.order_by("-day", "-pk"))


def photos_of(training_class: TrainingClass) -> list[StoredFile]:
    """The photographs of a class, in the order in which they were handed in."""
    return list(files.of(PHOTOS, training_class.pk).order_by("pk"))
