"""Where items can come from and what can prove them: two registries, filled by modules of this room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from keyuan.kernel.access import Actor
from keyuan.supervision.models import Evidence, Item

MOST = 600


@dataclass(frozen=True)
class Found:
    """A thing of another room that may become an item, or prove one (可立项的事)."""

    ref: str
    title: str
    link: str = ""
    owner_id: int | None = None
    owner: str = ""
    person_id: int | None = None
    deadline: date | None = None
    day: date | None = None
    note: str = ""


Rows = Callable[[Actor], Iterable[Found]]


@dataclass(frozen=True)
class Source:
    """One kind of thing, as a module registered it."""

    kind: str
    title: str | Promise
    rows: Rows


SOURCES: dict[str, Source] = {}
PROOFS: dict[str, Source] = {}


def source(kind: str, title: str | Promise) -> Callable[[Rows], Rows]:
    """Register what of another room may become an item of this kind; `ref` is `kind:number`, one item a ref.

    The function reads through `visible` and asks only what its actor may see.
    """

    def register(rows: Rows) -> Rows:
        if kind in SOURCES:
            raise RuntimeError(f"two sources of items called {kind}")
        SOURCES[kind] = Source(kind, title, rows)
        return rows

    return register


def proof(kind: str, title: str | Promise) -> Callable[[Rows], Rows]:
    """Register what of another room proves an item: done classes, proven duties, documents in force."""

    def register(rows: Rows) -> Rows:
        if kind in PROOFS:
            raise RuntimeError(f"two proofs of items called {kind}")
        PROOFS[kind] = Source(kind, title, rows)
        return rows

    return register


def kinds() -> list[tuple[str, str]]:
    """The registered sources and what they are called."""
    return [(one.kind, str(one.title)) for one in SOURCES.values()]


def found_of(actor: Actor, kind: str) -> list[Found]:
    """What of one kind may still become an item, the soonest due first."""
    rows = list(SOURCES[kind].rows(actor)) if kind in SOURCES else []
    school = Item.objects.filter(school_id=actor.school_id or 0).exclude(source_ref="")
    taken = set(school.exclude(state=Item.State.WITHDRAWN).values_list("source_ref", flat=True))
    left = [one for one in rows if one.ref not in taken]
    return sorted(left, key=lambda one: (one.deadline or date.max, one.title))[:MOST]


def narrowed(rows: Iterable[Found], *, q: str = "", unit: str = "", until: str = "") -> list[Found]:
    """The rows that hold the words, of one unit, due until a day."""
    words = q.strip().casefold()
    kept = []
    for one in rows:
        if words and words not in f"{one.title} {one.owner} {one.note}".casefold():
            continue
        if unit and str(one.owner_id or "") != unit:
            continue
        if until and not (one.deadline and one.deadline.isoformat() <= until):
            continue
        kept.append(one)
    return kept


def proofs_for(actor: Actor, item: Item) -> list[tuple[str, list[Found]]]:
    """What may be named as evidence, by kind; what is named already is left out."""
    named = set(Evidence.objects.filter(item=item).exclude(ref="").values_list("ref", flat=True))
    groups = [
        (str(one.title), [found for found in one.rows(actor) if found.ref not in named][:100])
        for one in PROOFS.values()
    ]
    return [(title, rows) for title, rows in groups if rows]


def proof_called(actor: Actor, ref: str) -> Found | None:
    """The proof of this name, if the actor may name it."""
    registered = PROOFS.get(ref.partition(":")[0])
    rows = registered.rows(actor) if registered else ()
    return next((one for one in rows if one.ref == ref), None)
