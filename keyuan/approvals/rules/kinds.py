"""The kinds of things that chains decide, as the rooms above register them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from keyuan.approvals.models import Request, Step
from keyuan.kernel.access import Actor

# Words in the language of whoever reads them.
Words = str | Promise
Followed = Callable[[Actor, Request], None]
Seen = Callable[[Actor], QuerySet[Any] | Iterable[int]]


@dataclass(frozen=True)
class Fact:
    """One fact of a request (审批内容): its title; figures may stand in a step's condition."""

    title: Words
    number: bool = False
    unit: Words = ""


@dataclass(frozen=True)
class StepFacts:
    """A step as it is typed or shipped as a default (环节设定)."""

    title: str
    who: str = Step.Who.ROLE
    role: str = ""
    person_id: int | None = None
    post: str = ""
    distinct: bool = True
    may_finish: bool = False
    days: int | None = None
    fact: str = ""
    test: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of thing to approve (审批事项) and what its room does when the chain has spoken.

    `on_passed` (at each step but the last), `on_approved`, `on_returned` and `on_withdrawn` run in the transaction of the decision and may refuse it
    with a Fault. `may_see(actor)` gives the ids of the things whose requests the actor may read besides those
    who submit and decide. `bulk` says that ticking several and agreeing at once is safe.
    """

    key: str
    title: Words
    steps: tuple[StepFacts, ...]
    on_approved: Followed
    on_returned: Followed | None = None
    on_withdrawn: Followed | None = None
    may_see: Seen | None = None
    link: Callable[[int], str] | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    bulk: bool = False
    on_passed: Followed | None = None


KINDS: dict[str, Kind] = {}
# Kinds that a room decides by its own table and only wants delegated (请假): key → title.
DELEGATED: dict[str, Words] = {}


def register(found: Kind) -> Kind:
    """Take a kind into the registry; one a key."""
    if found.key in KINDS:
        raise RuntimeError(f"two kinds of approval called {found.key}")
    KINDS[found.key] = found
    return found


def kind_title(key: str) -> str:
    """What a kind is called; its key where its room is gone."""
    if key in KINDS:
        return str(KINDS[key].title)
    return str(DELEGATED.get(key, key)) if key else _("全部事项")


def kind_choices() -> list[tuple[str, str]]:
    """Everything that can be delegated, by key and title."""
    titles: dict[str, Words] = {key: found.title for key, found in KINDS.items()} | DELEGATED
    return [(key, str(title)) for key, title in sorted(titles.items())]
