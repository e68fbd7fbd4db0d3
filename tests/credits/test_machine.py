"""A random life of the ledger against a simple model of it."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from keyuan.credits.actions import award_many, reverse_many
from keyuan.credits.models import Balance, Lot, Posting
from keyuan.credits.queries import live_lots, verify_ledger
from tests.credits.conftest import World, build

SOURCES = [f"test:{n}" for n in range(6)]
HOURS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(40), places=2)


class CrashError(Exception):
    """The process dies before the commit."""


class Ledger(RuleBasedStateMachine):
    """Awards, replays, reversals and crashes; each source belongs to one person."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.live: dict[str, Decimal] = {}
        self.paid: dict[str, int] = {}

    @initialize()
    def start(self) -> None:
        self.world = build(3)

    def pay(self, sources: list[str], hours: Decimal) -> list[Lot]:
        rows = [
            self.world.facts(SOURCES.index(source) % 3, source=source, hours=hours, half_days=0)
            for source in sources
        ]
        return award_many(self.world.registrar, school_id=self.world.school.pk, rows=rows)

    @rule(sources=st.lists(st.sampled_from(SOURCES), min_size=1, max_size=4), hours=HOURS)
    def award(self, sources: list[str], hours: Decimal) -> None:
        lots = self.pay(sources, hours)
        for source in dict.fromkeys(sources):
            if source not in self.live:
                self.live[source] = hours
                self.paid[source] = self.paid.get(source, 0) + 1
        assert [lot.hours for lot in lots] == [self.live[source] for source in sources]
        assert [lot.version for lot in lots] == [self.paid[source] for source in sources]

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        sources = data.draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=3, unique=True))
        reverse_many(self.world.registrar, sources=sources, reason="更正")
        for source in sources:
            self.live.pop(source, None)

    @rule(source=st.sampled_from(SOURCES), hours=HOURS, back=st.booleans())
    def crash(self, source: str, hours: Decimal, *, back: bool) -> None:
        with pytest.raises(CrashError):
            self.die_midway(source, hours, back=back)

    @transaction.atomic
    def die_midway(self, source: str, hours: Decimal, *, back: bool) -> None:
        self.pay([source], hours)
        if back:
            reverse_many(self.world.registrar, sources=[source], reason="更正")
        raise CrashError

    @invariant()
    def books_balance(self) -> None:
        if not hasattr(self, "world"):
            return
        assert set(live_lots(SOURCES)) == set(self.live)
        for number, person in enumerate(self.world.people):
            due = sum(
                (hours for source, hours in self.live.items() if SOURCES.index(source) % 3 == number),
                Decimal(0),
            )
            lines = Posting.objects.filter(account__person=person).aggregate(total=Sum("amount"))["total"]
            held = Balance.objects.filter(account__person=person).values_list("amount", flat=True).first()
            assert round(lines or Decimal(0), 2) == (held or Decimal(0)) == due
            assert due >= 0
        assert verify_ledger() is None

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_a_random_life_keeps_the_books_in_balance() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=checks,
            derandomize=True,
        ),
    )
