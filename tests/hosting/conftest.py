"""A rota of six societies in three fields, turns to host, and liaisons who answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from keyuan.hosting import actions
from keyuan.hosting.models import Rota, Turn
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.middleware import actor_in
from keyuan.people.models import Seat
from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy

FIELDS = ("理科", "工科", "农科")
PROOF = ("演示佐证.pdf", b"%PDF-1.4\n%\xe6\xbc\x94\xe7\xa4\xba\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@dataclass
class Ring:
    """The academy and its rota."""

    academy: Academy
    rota: Rota
    societies: list[Organisation]
    seats: dict[int, Seat] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    def seat_of(self, unit: int | None) -> Seat:
        """The liaison's seat of a society, made when first asked for."""
        if unit not in self.seats:
            at = Organisation.objects.get(pk=unit)
            self.seats[at.pk] = factories.seat(self.academy, f"society{at.pk}", Role.LIAISON, at)
        return self.seats[unit or 0]

    def liaison(self, unit: int | None) -> Actor:
        return actor_in(self.seat_of(unit))

    def turns(self, *after: int) -> list[Turn]:
        """Turns so many days from today."""
        days = [timezone.localdate() + timedelta(days=n) for n in after]
        return actions.add_turns(self.office, rota=self.rota, days=days)

    def invited(self, turn: Turn) -> Turn:
        actions.propose(self.office, turn=turn)
        actions.invite(self.office, turn=again(turn))
        return again(turn)

    def accepted(self, turn: Turn) -> Turn:
        one = self.invited(turn)
        actions.accept(self.liaison(one.host_id), turn=one)
        return again(turn)

    def done(self, turn: Turn, **actual: int) -> Turn:
        one = self.accepted(turn)
        actions.complete(self.office, turn=one, held_on=timezone.localdate(), actual=actual)
        return again(turn)


def again(turn: Turn) -> Turn:
    return Turn.objects.select_related("rota", "host").get(pk=turn.pk)


def build(code: str = "gd", societies: int = 6, **rule: Any) -> Ring:
    academy = factories.build(code)
    units = [
        Organisation.objects.create(
            school=academy.school,
            kind="society",
            name=f"演示省{name}学会",
            order=n,
            field_or_region=FIELDS[n % 3],
        )
        for n, name in enumerate("甲乙丙丁戊己庚辛"[:societies])
    ]
    rota = actions.open_rota(
        academy.registrar,
        facts=actions.RotaFacts("演示党建强会活动"),
        opened_on=date(2020, 1, 1),
        seed="演示种子",
    )
    return Ring(academy, rota, units)


@pytest.fixture
def ring(db: None) -> Iterator[Ring]:
    return build()
