"""A unit's plan or results handed in, received, returned, accepted, corrected."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from keyuan.filings.flows import LIVES
from keyuan.filings.models import Filing, Part
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict

HANDING_IN = ("file", "nil")


@transaction.atomic
def move_filing(actor: Actor, *, filing: Filing, part: str, move: str, note: str = "") -> None:
    """One step of the plan's or the results' life. Handing in freezes a version; the first time is kept."""
    life = LIVES[Part(part).value]
    if move in HANDING_IN:
        require(actor, "filings.file", filing)
        # The database wants the time on whatever was handed in, so it is there before the state says so.
        Filing.objects.filter(pk=filing.pk, **{f"{part}_filed_at": None}).update(
            **{f"{part}_filed_at": timezone.now()}
        )
    life.move(filing, move, actor=actor, note=note)


@transaction.atomic
def move_many(actor: Actor, *, filings: Sequence[Filing], part: str, move: str) -> tuple[int, int]:
    """The same step for many: how many took it, and how many were not in a state to."""
    done = 0
    for filing in filings:
        try:
            with transaction.atomic():
                move_filing(actor, filing=filing, part=part, move=move)
        except Conflict:
            continue
        done += 1
    return done, len(filings) - done
