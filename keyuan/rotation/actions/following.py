"""What follows a person into another record where the database lets only one of two rows stand."""

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from keyuan.kernel.access import Actor
from keyuan.people.actions import merging
from keyuan.rotation.models import CohortMember, Exemption


def _pairs(
    rows: models.QuerySet[CohortMember] | models.QuerySet[Exemption], about: str, kept: int, gone: int
) -> list[tuple[Any, Any]]:
    """The standing rows both records have about one thing: of the one kept, of the other."""
    found: dict[int, dict[int, Any]] = {}
    for row in rows.select_for_update().filter(person_id__in=(kept, gone)).order_by("pk"):
        found.setdefault(getattr(row, about), {})[row.person_id] = row
    return [(each[kept], each[gone]) for each in found.values() if len(each) == 2]


def _exchange(model: type[models.Model], parked: dict[str, Any], first: int, second: int) -> bool:
    """Two rows change their persons; `parked` takes the first out of the way of the one-standing rule meanwhile."""
    rows = {
        row["pk"]: row
        for row in models.QuerySet(model).filter(pk__in=(first, second)).values("pk", "person_id", *parked)
    }
    if len(rows) < 2:
        return False
    one, other = rows[first], rows[second]
    try:
        with transaction.atomic():
            models.QuerySet(model).filter(pk=first).update(**parked)
            models.QuerySet(model).filter(pk=second).update(person_id=one["person_id"])
            models.QuerySet(model).filter(pk=first).update(
                person_id=other["person_id"], **{name: one[name] for name in parked}
            )
    except IntegrityError:
        return False
    return True


def _labels_follow(_actor: Actor, kept: int, gone: int, _merge: int) -> list[int]:
    """Whoever bore a label in both records bears it since the earlier day: the rows change places."""
    moved: list[int] = []
    for own, other in _pairs(CohortMember.objects.filter(ends=None), "label_id", kept, gone):
        if other.starts < own.starts and _exchange(CohortMember, {"ends": date.max}, own.pk, other.pk):
            moved += [own.pk, other.pk]
    return moved


def _exemptions_follow(_actor: Actor, kept: int, gone: int, _merge: int) -> list[int]:
    """Of two exemptions from one requirement the one that holds longer stands."""
    moved: list[int] = []
    for own, other in _pairs(Exemption.objects.filter(revoked_at=None), "requirement_id", kept, gone):
        longer = (other.until or date.max) > (own.until or date.max)
        if longer and _exchange(Exemption, {"revoked_at": timezone.now()}, own.pk, other.pk):
            moved += [own.pk, other.pk]
    return moved


def _back(model: type[models.Model], parked: dict[str, Any], kept: int, keys: list[int]) -> int:
    """The pairs change places again, unless what was written since stands in the way."""
    returned = 0
    for own, other in zip(keys[::2], keys[1::2], strict=True):
        still = models.QuerySet(model).filter(pk=other, person_id=kept).exists()
        returned += 2 * int(still and _exchange(model, parked, other, own))
    return returned


def _labels_back(_actor: Actor, kept: int, _gone: int, _merge: int, keys: list[int]) -> int:
    return _back(CohortMember, {"ends": date.max}, kept, keys)


def _exemptions_back(_actor: Actor, kept: int, _gone: int, _merge: int, keys: list[int]) -> int:
    return _back(Exemption, {"revoked_at": timezone.now()}, kept, keys)


merging.carrier(merging.Carrier("rotation.CohortMember", (), _labels_follow, _labels_back))
merging.carrier(merging.Carrier("rotation.Exemption", (), _exemptions_follow, _exemptions_back))
