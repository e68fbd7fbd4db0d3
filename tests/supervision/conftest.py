"""A school with two units that owe something, and items in whatever state a test asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from keyuan.kernel.access import Actor
from keyuan.people.roles import Role
from keyuan.supervision import actions
from keyuan.supervision.actions import ItemFacts
from keyuan.supervision.models import Item
from tests import factories
from tests.factories import Academy

PROOF = ("演示佐证.pdf", b"%PDF-1.4\n%\xe6\xbc\x94\xe7\xa4\xba\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@dataclass
class Floor:
    """The academy and its items."""

    academy: Academy

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    @property
    def leader(self) -> Actor:
        return self.academy.actor("leader")

    @property
    def owner(self) -> Actor:
        return self.academy.actor("liaison")

    @property
    def stranger(self) -> Actor:
        return self.academy.actor("liaison2")

    def facts(self, **changed: Any) -> ItemFacts:
        said: dict[str, Any] = {
            "title": "演示事项", "owner": self.academy.units[0],
            "deadline": timezone.localdate() + timedelta(days=30), "source_title": "演示会议", **changed,
        }  # fmt: skip
        return ItemFacts(**said)

    def item(self, state: str = "issued", **changed: Any) -> Item:
        """An item moved as far as asked, by those who would do it."""
        one = actions.open_item(self.office, facts=self.facts(**changed), issue=state != "draft")
        if state in {"draft", "issued"}:
            return one
        actions.move_item(self.owner, item=one, move="receive")
        if state == "received":
            return again(one)
        actions.report(self.owner, item=one, stage="running", text="演示进展")
        if state in {"suspended", "withdrawn"}:
            move = {"suspended": "suspend", "withdrawn": "withdraw"}[state]
            actions.move_item(self.office, item=one, move=move, note="演示理由")
        if state in {"submitted", "returned", "closed"}:
            self.proven(one)
            actions.move_item(self.owner, item=one, move="submit")
        if state in {"returned", "closed"}:
            verdict = "close" if state == "closed" else "return"
            actions.verify(self.office, item=one, verdict=verdict, note="演示意见")
        return again(one)

    def proven(self, item: Item) -> None:
        actions.add_file(self.owner, item=item, upload=PROOF[1], name=PROOF[0])

    def dated(self, item: Item, *, issued: date, deadline: date) -> Item:
        """As if it had been issued on that day for that deadline."""
        moment = timezone.make_aware(datetime.combine(issued, time(10)))
        Item.objects.filter(pk=item.pk).update(issued_at=moment, deadline=deadline, first_deadline=deadline)
        return again(item)


def again(item: Item) -> Item:
    return Item.objects.select_related("owner", "owner_person", "department").get(pk=item.pk)


def build(code: str = "gd") -> Floor:
    academy = factories.build(code)
    factories.seat(academy, "leader", Role.LEADER)
    return Floor(academy)


@pytest.fixture
def floor(db: None) -> Iterator[Floor]:
    return build()
