"""The board over all organisations: who holds what on a day, what ends soon, what stands vacant."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.search import normal
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import in_official_order, names_of
from keyuan.terms.models import Post, Term
from keyuan.terms.queries.history import post_name, post_names
from keyuan.terms.queries.standing import live
from keyuan.terms.rules import added_months

STATES = (
    ("serving", _("在任")),
    ("acting", _("代理")),
    ("overdue", _("超期未换届")),
    ("vacant", _("空缺")),
    ("unknown", _("未登记")),
)
WITHIN = (("3", _("3 个月内届满")), ("6", _("6 个月内届满")), ("12", _("12 个月内届满")))
SORTS = ("order", "post", "holder", "starts", "deadline")


class Unit(NamedTuple):
    """What the board reads of an organisation (单位): values, since a model of each row costs three times as much."""

    pk: int
    name: str
    short_name: str
    kind: str
    field_or_region: str
    city_code: str

    @property
    def kind_title(self) -> str:
        """Its kind in words."""
        return str(Organisation.Kind(self.kind).label)


class Held(NamedTuple):
    """What the board reads of a term and its holder (任期); without a holder it is a recorded vacancy."""

    pk: int
    organisation_id: int
    post_id: int
    number: int | None
    starts: date
    due: date | None
    extended_to: date | None
    ends: date | None
    acting: bool
    holder_id: int | None
    holder: str | None
    pinyin: str | None

    @property
    def deadline(self) -> date | None:
        """When it should end: the day agreed to, else the statutory one."""
        return self.extended_to or self.due

    def holds_on(self, day: date) -> bool:
        """Whether it was held on a day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


_UNIT = Unit._fields
_HELD = (*Held._fields[:-2], "holder__name", "holder__pinyin")


class Line(NamedTuple):
    """One holder of one post of one organisation, or its vacancy (任期一览的一行)."""

    organisation: Unit
    unit: str
    post: Post
    called: str
    state: str
    term: Held | None
    acting: Held | None
    vacant_since: date | None
    # All names the organisation ever bore.
    every: str

    @property
    def words(self) -> str:
        """What it is found by: names of the organisation, the post, its holders and their pinyin."""
        people = " ".join(f"{t.holder} {t.pinyin}" for t in (self.term, self.acting) if t and t.holder)
        return normal(f"{self.every} {self.called} {people}")

    @property
    def shown(self) -> Held | None:
        """The regular term, else the acting one."""
        return self.term or self.acting

    @property
    def holder(self) -> str:
        """Who holds it, by name."""
        found = self.shown
        return (found.holder or "") if found else ""

    @property
    def deadline(self) -> date | None:
        """When the regular term ends; an acting one where it has a day."""
        found = self.term or self.acting
        return found.deadline if found else None


class _Place(NamedTuple):
    """A post of an organisation, named as on the day (岗位); `every` holds all names of the organisation."""

    organisation: Unit
    unit: str
    post: Post
    called: str
    every: str


@dataclass(frozen=True)
class Wanted:
    """What is looked for on the board (筛选条件)."""

    q: str = ""
    kind: str = ""
    field: str = ""
    city: str = ""
    duty: str = ""
    state: str = ""
    within: str = ""
    before: date | None = None


def _posts_by_kind(actor: Actor) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for post in visible(actor, Post):
        found.setdefault(post.kind, []).append(post)
    return found


def _units(actor: Actor, kinds: Sequence[str]) -> list[Unit]:
    rows = in_official_order(visible(actor, Organisation).filter(active=True, kind__in=kinds))
    if not actor.roles.intersection(("system", "registrar", "department_head", "leader")):
        rows = rows.filter(pk=actor.organisation_id or 0)
    return [Unit(*row) for row in rows.order_by("rank", "order", "pk").values_list(*_UNIT)]


def _by_place(actor: Actor) -> dict[tuple[int, int], list[Held]]:
    found: dict[tuple[int, int], list[Held]] = {}
    rows = live(visible(actor, Term)).order_by("acting", "starts", "pk")
    for row in rows.values_list(*_HELD):
        term = Held(*row)
        found.setdefault((term.organisation_id, term.post_id), []).append(term)
    return found


def lines(actor: Actor, on: date) -> list[Line]:
    """Every watched post of every organisation on a day, and every other post that somebody holds, in official order.

    Five queries for any number of rows.
    """
    posts, places = _posts_by_kind(actor), _by_place(actor)
    units = _units(actor, list(posts))
    spans = names_of(units)
    former = post_names(post for group in posts.values() for post in group)
    called = {p.pk: post_name(p, former.get(p.pk, ()), on) for group in posts.values() for p in group}
    found: list[Line] = []
    for unit in units:
        name = next(span.name for span in spans[unit.pk] if span.holds_on(on))
        every = " ".join([*(span.name for span in spans[unit.pk]), unit.short_name])
        for post in posts[unit.kind]:
            terms = places.get((unit.pk, post.pk), [])
            found += _of_post(_Place(unit, name, post, called[post.pk], every), terms, on)
    return found


def _of_post(at: _Place, terms: Sequence[Held], on: date) -> list[Line]:
    held = [term for term in terms if term.holder_id and term.holds_on(on)]
    regular = [term for term in held if not term.acting]
    acting = next((term for term in held if term.acting), None)

    def line(
        state: str, term: Held | None = None, who: Held | None = None, since: date | None = None
    ) -> Line:
        return Line(at.organisation, at.unit, at.post, at.called, state, term, who, since, at.every)

    if regular:
        return [line(_standing(term, on), term, acting) for term in regular]
    if acting:
        return [line("acting", None, acting)]
    if not (at.post.watched and at.post.active):
        return []
    before = [term for term in terms if term.starts <= on]
    if not before:
        return [line("unknown")]
    ended = [term.ends for term in before if term.holder_id and term.ends]
    vacancies = [term.starts for term in before if not term.holder_id and term.holds_on(on)]
    return [line("vacant", since=min(vacancies) if vacancies else max(ended, default=None))]


def _standing(term: Held, on: date) -> str:
    return "overdue" if term.deadline is not None and term.deadline < on else "serving"


def ends_within(rows: Sequence[Line], on: date, months: int) -> list[Line]:
    """The lines whose term ends within so many months from the day, and has not ended yet."""
    last = added_months(on, months)
    return [line for line in rows if (day := line.deadline) is not None and on <= day <= last]


def narrowed(rows: Sequence[Line], wanted: Wanted, on: date) -> list[Line]:
    """The lines that fit every condition."""
    words = normal(wanted.q).split()

    def fits(line: Line) -> bool:
        unit = line.organisation
        return (
            wanted.kind in {"", unit.kind}
            and wanted.field in {"", unit.field_or_region}
            and wanted.city in {"", unit.city_code[:4]}
            and wanted.duty in {"", line.post.duty}
            and wanted.state in {"", line.state}
            and (wanted.before is None or (line.deadline is not None and line.deadline < wanted.before))
            and (not words or _says(line, words))
        )

    some = rows if not wanted.within.isdigit() else ends_within(rows, on, int(wanted.within[:3]))
    return [line for line in some if fits(line)]


def _says(line: Line, words: Sequence[str]) -> bool:
    """Whether every word is found in the line."""
    said = line.words
    return all(word in said for word in words)


def in_order(rows: Sequence[Line], sort: str) -> list[Line]:
    """The lines by a column (`-` turns it round); lines without a value come last either way."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS or key == "order":
        return list(reversed(rows)) if down else list(rows)
    some = sorted(
        (line for line in rows if _value(line, key) is not None),
        key=lambda line: _value(line, key),
        reverse=down,
    )
    return [*some, *(line for line in rows if _value(line, key) is None)]


def _value(line: Line, key: str) -> Any:
    """What a column sorts by."""
    if key == "post":
        return (line.post.kind, line.post.order)
    if key == "deadline" or line.shown is None:
        return line.deadline
    if key == "starts":
        return line.shown.starts
    return line.shown.pinyin


def counted(rows: Sequence[Line], on: date) -> Mapping[str, int]:
    """How many lines there are of each state, and how many end within 3, 6 and 12 months."""
    states = Counter(line.state for line in rows)
    found = {state: states[state] for state, _word in STATES}
    ahead = [day for line in rows if (day := line.deadline) is not None and day >= on]
    lasts = {months: added_months(on, int(months)) for months, _word in WITHIN}
    return found | {months: sum(day <= last for day in ahead) for months, last in lasts.items()}


def cities(actor: Actor) -> list[tuple[str, str]]:
    """The city associations by the first four figures of their code, for the filter."""
    rows = (
        visible(actor, Organisation)
        .filter(kind="city_association")
        .exclude(city_code="")
        .order_by("order", "pk")
    )
    return [(one.city_code[:4], str(one)) for one in rows]
