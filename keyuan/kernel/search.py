"""Finding people, classes, units and papers: by any part of a word, by pinyin, and only what one may see.

SQLite: FTS5 with one Chinese character a token, asked for phrases, misses nothing a word segmenter would.
PostgreSQL: LIKE over a trigram index; where the server lacks pg_trgm the same LIKE reads every row.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from keyuan.kernel import bulk, jobs, pinyin, triggers
from keyuan.kernel.access import SYSTEM, Actor, visible
from keyuan.kernel.models.search import SearchEntry

Thing = TypeVar("Thing", bound=Model)
# Entries looked at before the database is asked about all of them at once.
WINDOW = 300
TERMS = 6
SPELT = 24
FULL, INITIALS = 16, 8
# Changing the table on SQLite drops its triggers; the start-up check then says so.
if connection.vendor == "sqlite":
    triggers.guard(
        "kernel_searchentry", *(f"kernel_searchentry_found_{what}" for what in ("new", "gone", "changed"))
    )
TOKEN = re.compile(r"[a-z]+|\d|[^\W\d_a-z]")


@dataclass(frozen=True)
class Findable:
    """One kind of thing that can be found (可检索种类)."""

    model: type[Model]
    kind: str
    title: Callable[[Any], str]
    text: Callable[[Any], str]
    note: Callable[[Any], str]
    link: Callable[[Any], str]
    school: Callable[[Any], int | None]
    shown: Callable[[Any], bool]
    spelt: Callable[[Any], str]
    rows: Callable[[QuerySet[Any]], QuerySet[Any]]

    @property
    def label(self) -> str:
        """The model's label."""
        return self.model._meta.label

    @property
    def token(self) -> str:
        """The label as one word of the index."""
        return re.sub(r"[^a-z]", "", f"kind{self.label.lower()}")


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    note: str
    link: str
    thing: Model


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` when there is further than is shown."""

    kind: str
    label: str
    hits: list[Hit]
    more: bool


FINDABLE: dict[str, Findable] = {}


def _school_of(thing: Any) -> int | None:
    number: int | None = getattr(thing, "school_id", None)
    return number


def register(
    model: type[Thing],
    *,
    kind: str,
    link: Callable[[Thing], str],
    text: Callable[[Thing], str] = lambda _thing: "",
    title: Callable[[Thing], str] = str,
    note: Callable[[Thing], str] = lambda _thing: "",
    school: Callable[[Thing], int | None] = _school_of,
    shown: Callable[[Thing], bool] = lambda _thing: True,
    spelt: Callable[[Thing], str] | None = None,
    rows: Callable[[QuerySet[Thing]], QuerySet[Thing]] = lambda rows: rows,
) -> None:
    """Make a model findable under a Chinese kind.

    `text` holds further words to find it by, `note` is the line under its title, `shown` says which rows are
    in the index at all, `spelt` gives the pinyin where it is not that of the title (people: their own), and
    `rows` adds the joins that title, text and note need.
    """
    label = model._meta.label
    if label in FINDABLE:
        raise RuntimeError(f"{label} is findable twice")
    reading = spelt or (lambda thing: pinyin.of_text(title(thing), SPELT))
    FINDABLE[label] = Findable(model, kind, title, text, note, link, school, shown, reading, rows)


def normal(text: str) -> str:
    """Half-width and small, blanks as one: both what is kept and what is asked for go through it."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def tokens(text: str) -> str:
    """The words of the index: each Chinese character and each digit by itself, Latin words whole."""
    return " ".join(TOKEN.findall(normal(text)))


def spelling_tokens(title: str, spelling: str) -> str:
    """Beginnings to find pinyin by from any syllable on: 省机械 by shengjixie, jixie, sjx, jx."""
    parts = pinyin.syllables_of_text(title, SPELT)
    found = []
    for start in range(len(parts)):
        found += ["".join(parts[start:])[:FULL], "".join(part[0] for part in parts[start:])[:INITIALS]]
    return " ".join(dict.fromkeys([*spelling.split(), *found]))


def _entry(found: Findable, thing: Model) -> SearchEntry:
    title, body = found.title(thing)[:200], found.text(thing)
    spelling = found.spelt(thing)
    entry = SearchEntry(
        label=found.label, thing_id=thing.pk, school_id=found.school(thing), title=title, body=body,
        plain=f"{normal(title)}\n{normal(body)}\n{spelling}",
    )  # fmt: skip
    if connection.vendor == "sqlite":
        entry.kind_token = found.token
        entry.title_tokens, entry.body_tokens = tokens(title), tokens(body)
        entry.spelling_tokens = spelling_tokens(title, spelling)
    return entry


COLUMNS = (
    "school_id",
    "title",
    "body",
    "plain",
    "kind_token",
    "title_tokens",
    "body_tokens",
    "spelling_tokens",
)


@transaction.atomic
def refresh(*things: Model) -> None:
    """Bring the index up to date about these things, in the caller's transaction; unregistered ones are passed over."""
    by_label: dict[str, list[Model]] = {}
    for thing in things:
        by_label.setdefault(thing._meta.label, []).append(thing)
    for label, same in by_label.items():
        found = FINDABLE.get(label)
        if found is None:
            continue
        hidden = [thing.pk for thing in same if not found.shown(thing)]
        forget(found.model, hidden)
        _store([_entry(found, thing) for thing in same if found.shown(thing)])


def refresh_later(model: type[Model], ids: Sequence[int]) -> None:
    """Bring the index up to date about many things soon, off the caller's transaction: spelling is slow."""
    if model._meta.label in FINDABLE and ids:
        jobs.start(SYSTEM, "kernel.search.refresh", label=model._meta.label, ids=list(ids))


@jobs.job("kernel.search.refresh", title="更新检索")
def refresh_listed(progress: jobs.Progress, label: str, ids: list[int]) -> None:
    """Bring the index up to date about these things; those gone meanwhile are passed over."""
    found = FINDABLE[label]
    for start in range(0, len(ids), bulk.CHUNK):
        refresh(*found.rows(found.model._default_manager.filter(pk__in=ids[start : start + bulk.CHUNK])))
        progress(min(start + bulk.CHUNK, len(ids)), len(ids))
        bulk.pause()


def _store(entries: Sequence[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries,
        batch_size=100,
        update_conflicts=True,
        unique_fields=("label", "thing_id"),
        update_fields=COLUMNS,
    )


def forget(model: type[Model], ids: Iterable[int]) -> None:
    """Take things out of the index, in the caller's transaction."""
    SearchEntry.objects.filter(label=model._meta.label, thing_id__in=list(ids)).delete()


def rebuild(progress: Callable[[str, int], None] | None = None) -> int:
    """Make the whole index anew beside a busy web; how many things it holds. Safe to run again."""
    SearchEntry.objects.exclude(label__in=FINDABLE).delete()
    count = 0
    for found in FINDABLE.values():
        count += _rebuild_kind(found)
        if progress:
            progress(found.kind, count)
    return count


def _rebuild_kind(found: Findable) -> int:
    last = count = 0
    every = found.rows(found.model._default_manager.order_by("pk"))
    gone = SearchEntry.objects.filter(label=found.label)
    gone.exclude(thing_id__in=found.model._default_manager.values("pk")).delete()

    def step() -> int:
        nonlocal last, count
        things = list(every.filter(pk__gt=last)[: bulk.CHUNK])
        if things:
            refresh(*things)
            last = things[-1].pk
            count += sum(found.shown(thing) for thing in things)
        return len(things)

    bulk.in_chunks(step)
    return count


# ---- asking ---------------------------------------------------------------------------------


def terms_of(query: str) -> list[str]:
    """The terms all of which must be there."""
    return [term for term in normal(query)[:100].split() if TOKEN.search(term)][:TERMS]


def _match(term: str, columns: str) -> str:
    """One term as FTS5 reads it: a phrase whose last word may go on; Latin also among the pinyin."""
    parts = TOKEN.findall(term)
    if len(parts) == 1 and parts[0].isascii() and parts[0].isalpha():
        return f'{{{columns} spelling_tokens}} : "{parts[0][:FULL]}" *'
    last = " *" if parts[-1].isascii() and parts[-1].isalpha() else ""
    return f'{{{columns}}} : "{" ".join(parts)}"{last}'


def _rows_matching(found: Findable, terms: list[str], *, titles_only: bool) -> QuerySet[SearchEntry]:
    """The entries of a kind that hold every term, newest first."""
    rows = SearchEntry.objects.filter(label=found.label)
    if connection.vendor == "sqlite":
        columns = "title_tokens" if titles_only else "title_tokens body_tokens"
        asked = " AND ".join(
            [f'kind_token : "{found.token}"', *(f"({_match(term, columns)})" for term in terms)]
        )
        sql = "SELECT rowid FROM kernel_search WHERE kernel_search MATCH %s"
        return rows.filter(pk__in=RawSQL(sql, [asked]))  # noqa: S611 - the statement is constant, the words are bound
    for term in terms:
        rows = rows.filter(**{"title__icontains" if titles_only else "plain__contains": term})
    return rows


def _window(found: Findable, terms: list[str], *, titles_only: bool) -> list[int]:
    """The newest things of a kind that hold every term, no more than a window of them."""
    if connection.vendor != "sqlite":
        rows = _rows_matching(found, terms, titles_only=titles_only).order_by("-pk")
        return list(rows.values_list("thing_id", flat=True)[:WINDOW])
    columns = "title_tokens" if titles_only else "title_tokens body_tokens"
    asked = " AND ".join([f'kind_token : "{found.token}"', *(f"({_match(term, columns)})" for term in terms)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.thing_id FROM (SELECT rowid FROM kernel_search WHERE kernel_search MATCH %s"
            " ORDER BY rowid DESC LIMIT %s) f JOIN kernel_searchentry e ON e.id = f.rowid",
            [asked, WINDOW],
        )
        return [row[0] for row in cursor.fetchall()]


def _seen(actor: Actor, found: Findable, terms: list[str], most: int) -> list[Model]:
    """Things of one kind the actor may see, those with the terms in their title first."""
    rows = found.rows(visible(actor, found.model))
    order: dict[int, Model] = {}
    for titles_only in (True, False):
        window = _window(found, terms, titles_only=titles_only)
        fresh = [number for number in window if number not in order]
        for thing in rows.filter(pk__in=fresh).order_by("-pk")[: most - len(order)]:
            order[thing.pk] = thing
        if len(order) < most and len(window) == WINDOW:
            every = _rows_matching(found, terms, titles_only=titles_only)
            rest = rows.filter(pk__in=every.values("thing_id")).exclude(pk__in=list(order))
            order |= {thing.pk: thing for thing in rest.order_by("-pk")[: most - len(order)]}
        if len(order) >= most:
            break
    return list(order.values())


def find(actor: Actor, query: str, *, per: int = 8, kind: str = "") -> list[Group]:
    """What the actor may see that holds every term of the query, by kind; empty kinds are left out.

    Whole titles come before beginnings, beginnings before the rest. `kind` is a model's label.
    """
    terms = terms_of(query)
    if not terms:
        return []
    groups = []
    for found in FINDABLE.values():
        if kind and found.label != kind:
            continue
        things = _seen(actor, found, terms, per + 1)
        if things:
            hits = [
                Hit(found.title(thing), found.note(thing), found.link(thing), thing) for thing in things[:per]
            ]
            hits.sort(key=lambda hit: _closeness(normal(hit.title), terms))
            groups.append(Group(found.kind, found.label, hits, len(things) > per))
    return groups


def _closeness(title: str, terms: list[str]) -> tuple[bool, bool, bool]:
    asked = " ".join(terms)
    return (title != asked, not title.startswith(terms[0]), terms[0] not in title)
