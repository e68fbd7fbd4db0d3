"""The lines of a requirement narrowed, sorted and counted; what is due comes first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from keyuan.kernel.access import Actor
from keyuan.kernel.search import normal
from keyuan.orgs.models import Organisation
from keyuan.rotation.models import Requirement
from keyuan.rotation.queries.coverage import Coverage, Line, coverage, requirements_seen, units_by_id
from keyuan.rotation.rules.coverage import STATES, urgency

DUE, GAP = "due", "gap"
FILTER_STATES = ((DUE, _("应训未完成")), (GAP, _("预计到期仍不够")), *STATES)
SORTS = ("urgency", "name", "unit", "joined", "done")
FILTERS = ("kind", "unit", "field", "city", "cohort", "state")
NO_UNIT = "none"


@dataclass(frozen=True)
class Wanted:
    """What is looked for (筛选条件)."""

    q: str = ""
    kind: str = ""
    unit: str = ""
    field: str = ""
    city: str = ""
    cohort: str = ""
    state: str = ""


def fits_state(line: Line, state: str) -> bool:
    """Whether a line is of a state, or still owes, or will still owe at the end."""
    if state == DUE:
        return line.standing.is_due
    if state == GAP:
        return line.standing.is_due and not line.standing.will_meet
    return state in {"", line.standing.state}


def narrowed(rows: Sequence[Line], wanted: Wanted) -> list[Line]:
    """The lines that fit every condition."""
    words = normal(wanted.q).split()

    def fits(line: Line) -> bool:
        unit = line.unit
        if wanted.kind and (unit is None or unit.kind != wanted.kind):
            return False
        if wanted.unit and str(unit.pk if unit else NO_UNIT) != wanted.unit:
            return False
        if wanted.field and (unit is None or unit.field_or_region != wanted.field):
            return False
        if wanted.city and (unit is None or unit.city_code[:4] != wanted.city):
            return False
        if wanted.cohort and wanted.cohort not in line.member.cohorts:
            return False
        return fits_state(line, wanted.state) and (not words or _says(line, words))

    return [line for line in rows if fits(line)]


def _says(line: Line, words: Sequence[str]) -> bool:
    unit = f"{line.unit.name} {line.unit.short_name}" if line.unit else line.member.unit_text
    said = normal(f"{line.member.name} {line.member.pinyin} {unit} {line.member.post_title}")
    return all(word in said for word in words)


def in_order(rows: Sequence[Line], sort: str) -> list[Line]:
    """The lines by a column (`-` turns it round); the most urgent first unless said otherwise."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        key, down = "urgency", False
    return sorted(rows, key=lambda line: _value(line, key), reverse=down)


def _value(line: Line, key: str) -> Any:
    name = (line.member.pinyin, line.pk)
    if key == "unit":
        unit = line.unit
        return ((unit.kind, unit.order, unit.pk) if unit else ("~", 0, 0), name)
    if key == "joined":
        return (line.member.joined or date.min, name)
    if key == "done":
        return (line.held.classes, line.held.hours, name)
    return (urgency(line.standing), name) if key == "urgency" else name


def counted(rows: Sequence[Line]) -> dict[str, int]:
    """How many lines there are of each state, how many still owe, and how many will still owe at the end."""
    states = Counter(line.standing.state for line in rows)
    found = {state: states[state] for state, _word in STATES}
    return found | {
        DUE: found["not_begun"] + found["in_progress"],
        GAP: sum(fits_state(line, GAP) for line in rows),
        "all": len(rows),
    }


@dataclass
class Row:
    """One row of the summary: of a requirement, or of a kind of unit or a city under it."""

    title: str
    counts: dict[str, int]
    query: str = ""

    @property
    def asked(self) -> int:
        """Of how many something is asked: all but the exempt and the new."""
        return self.counts["all"] - self.counts["exempt"] - self.counts["new"]

    @property
    def percent(self) -> int:
        """Met of a hundred asked, rounded down."""
        return self.counts["met"] * 100 // self.asked if self.asked else 0


@dataclass
class Summary:
    """One requirement summed up, as a whole and by kind of unit and by city (汇总)."""

    requirement: Requirement
    found: Coverage
    whole: Row
    kinds: list[Row] = field(default_factory=list)
    cities: list[Row] = field(default_factory=list)


def _by_kind(lines: Sequence[Line]) -> list[Row]:
    words = dict(Organisation.Kind.choices)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.unit.kind if line.unit else "", []).append(line)
    return [
        Row(str(words.get(kind, _("未登记单位"))), counted(groups[kind]), f"kind={kind}")
        for kind in (*words, "")
        if kind in groups
    ]


def _by_city(lines: Sequence[Line], cities: Sequence[tuple[str, str]]) -> list[Row]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        if line.unit and line.unit.city_code:
            groups.setdefault(line.unit.city_code[:4], []).append(line)
    return [Row(word, counted(groups[code]), f"city={code}") for code, word in cities if code in groups]


def cities_of(units: dict[int, Organisation]) -> list[tuple[str, str]]:
    """The cities by the first four figures of their code, in the official order."""
    rows = [one for one in units.values() if one.kind == "city_association" and one.city_code]
    return [(one.city_code[:4], str(one)) for one in sorted(rows, key=lambda one: (one.order, one.pk))]


def summaries(actor: Actor, on: date) -> list[Summary]:
    """Every requirement in use, summed up; in the order of the list, units in their official order, never by result."""
    units = units_by_id(actor)
    cities = cities_of(units)
    rows = []
    for requirement in requirements_seen(actor):
        found = coverage(actor, requirement, on, units=units)
        whole = Row(requirement.title, counted(found.lines))
        rows.append(Summary(requirement, found, whole, _by_kind(found.lines), _by_city(found.lines, cities)))
    return rows
