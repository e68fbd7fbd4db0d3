"""Who is told about an item: seats of today, in one query for many items."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from keyuan.people.models import Person, Seat
from keyuan.people.roles import Role
from keyuan.supervision.models import CoOwner, Item


class Told:
    """Who acts for which unit today, read once for many items (提醒对象)."""

    def __init__(self, items: Iterable[Item], today: date) -> None:
        rows = list(items)
        self.helpers: dict[int, list[int]] = {}
        for item_id, unit in CoOwner.objects.filter(item__in=[one.pk for one in rows]).values_list(
            "item_id", "organisation_id"
        ):
            self.helpers.setdefault(item_id, []).append(unit)
        units = {pk for row in rows for pk in (row.owner_id, row.department_id or 0)}
        units.update(unit for each in self.helpers.values() for unit in each)
        wanted = Q(role__in=(Role.LIAISON, Role.DEPARTMENT_HEAD), organisation__in=units)
        wanted |= Q(role__in=(Role.LEADER, Role.REGISTRAR), school__in={row.school_id for row in rows})
        held = Seat.objects.filter(wanted, starts__lte=today).filter(Q(ends=None) | Q(ends__gte=today))
        self.seats = list(held.values_list("role", "organisation_id", "school_id", "person_id"))

    def _of(self, role: str, unit: int | None) -> list[int]:
        return [person for each, at, _school, person in self.seats if each == role and at == unit]

    def whole(self, role: str, school_id: int) -> list[int]:
        """Who holds a role of the whole school."""
        return [person for each, _at, school, person in self.seats if each == role and school == school_id]

    def acting_for(self, unit: int) -> list[int]:
        """Liaisons and heads of a unit."""
        return [*self._of(Role.LIAISON, unit), *self._of(Role.DEPARTMENT_HEAD, unit)]

    def owners(self, item: Item) -> list[int]:
        """The person named, who acts for the owner, and who acts for the units that help."""
        named = [item.owner_person_id] if item.owner_person_id else []
        units = (item.owner_id, *self.helpers.get(item.pk, ()))
        return list(dict.fromkeys((*named, *(person for unit in units for person in self.acting_for(unit)))))

    def heads(self, item: Item) -> list[int]:
        """Who follows it up: the heads of the department that issued it, else the school's registrars."""
        if item.department_id is not None and (found := self._of(Role.DEPARTMENT_HEAD, item.department_id)):
            return found
        return self.whole(Role.REGISTRAR, item.school_id)

    def rung(self, item: Item, to: str) -> list[int]:
        """Who a rung of the ladder tells: each reaches all that the lower ones reach."""
        told = self.owners(item)
        if to in {"head", "leader"}:
            told += self.heads(item)
        if to == "leader":
            told += self.whole(Role.LEADER, item.school_id)
        return list(dict.fromkeys(told))


def called_in(units: Iterable[int], name: str) -> list[Person]:
    """The persons of some units who bear a name."""
    rows = Person.objects.filter(organisation__in=list(units), name=name, erased_at=None, merged_into=None)
    return list(rows.select_related("organisation").order_by("pk"))
