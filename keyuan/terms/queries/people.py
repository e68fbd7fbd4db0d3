"""Who may be meant by a name: never guessed, where there is any doubt it is asked."""

from collections.abc import Iterable

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.codes import normal_name
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person


def called(actor: Actor, names: Iterable[str]) -> dict[str, list[Person]]:
    """The persons an actor sees by name, in one query a thousand names."""
    wanted = sorted({normal_name(name) for name in names if name})
    found: dict[str, list[Person]] = {}
    for start in range(0, len(wanted), 1000):
        rows = visible(actor, Person).filter(
            name__in=wanted[start : start + 1000], erased_at=None, merged_into=None
        )
        for person in rows.select_related("organisation").order_by("pk"):
            found.setdefault(person.name, []).append(person)
    return found


def candidates(actor: Actor, organisation: Organisation, name: str) -> list[Person]:
    """Persons of this name, those of the organisation first."""
    found = called(actor, [name]).get(normal_name(name), [])
    return sorted(found, key=lambda person: (person.organisation_id != organisation.pk, person.pk))


def settled(organisation: Organisation, found: list[Person]) -> Person | None:
    """The one meant without asking: the only person of the name, and of this organisation."""
    if len(found) == 1 and found[0].organisation_id == organisation.pk:
        return found[0]
    return None
