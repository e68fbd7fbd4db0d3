"""Coverage of a requirement: everybody it holds for, with what is done, what is planned and what will be missing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.rotation.models import Exemption, RegimeVersion, Requirement
from keyuan.rotation.queries import tallies
from keyuan.rotation.queries.members import Member, members
from keyuan.rotation.queries.tallies import Held
from keyuan.rotation.rules.coverage import NOTHING, Norm, Standing, Tally, judge
from keyuan.rotation.rules.windows import Window, horizon, window_on, years_before

_NO_HELD = Held()


@dataclass(frozen=True)
class Line:
    """One person under one requirement (应训人员的一行)."""

    member: Member
    standing: Standing
    held: Tally
    planned: Tally
    unit: Organisation | None
    last_on: date | None = None
    valid_until: date | None = None
    reason: str = ""
    exemption: int = 0

    @property
    def pk(self) -> int:
        """The person's number."""
        return self.member.person_id

    @property
    def unit_name(self) -> str:
        """The unit as people say it."""
        return str(self.unit) if self.unit else self.member.unit_text

    @property
    def words(self) -> str:
        """The groups somebody belongs by."""
        return "、".join(self.member.cohorts)


@dataclass(frozen=True)
class Coverage:
    """All lines of a requirement on a day, with the figures they were judged by (覆盖情况)."""

    requirement: Requirement
    norm: Norm | None
    version: RegimeVersion | None
    until: date
    lines: list[Line] = field(default_factory=list)


def version_on(requirement: Requirement, on: date) -> RegimeVersion | None:
    """The figures of the requirement's regime that hold on a day."""
    rows = RegimeVersion.objects.filter(regime_id=requirement.regime_id or 0, since__lte=on)
    return rows.order_by("-since", "-pk").first()


def norm_of(requirement: Requirement, version: RegimeVersion | None, on: date) -> tuple[Norm | None, date]:
    """What is asked on a day and up to when is forecast; None where a regime has no figures yet."""
    if requirement.measure == Requirement.Measure.CLASSES:
        rule: Requirement | RegimeVersion = requirement
        asked = Tally(classes=requirement.times)
    elif version is not None:
        rule = version
        asked = Tally(version.hours, version.online, version.professional, version.public, version.personal)
    else:
        return None, on
    end = horizon(rule.span, rule.last, on)
    now = window_on(rule.span, rule.years, rule.first, rule.last, on)
    then = window_on(rule.span, rule.years, rule.first, rule.last, end)
    return Norm(now, then, asked, requirement.join_months), end


def units_by_id(actor: Actor) -> dict[int, Organisation]:
    """The units an actor sees, by number."""
    return {unit.pk: unit for unit in visible(actor, Organisation)}


def exemptions(
    actor: Actor, requirement: Requirement, on: date, only: Collection[int] | None = None
) -> dict[int, Exemption]:
    """Person → the exemption that stands on a day."""
    rows = visible(actor, Exemption).filter(Q(until=None) | Q(until__gte=on), requirement=requirement)
    rows = rows.filter(revoked_at=None)
    if only is not None:
        rows = rows.filter(person_id__in=only)
    return {row.person_id: row for row in rows}


def coverage(
    actor: Actor,
    requirement: Requirement,
    on: date,
    *,
    only: Iterable[int] | None = None,
    units: dict[int, Organisation] | None = None,
) -> Coverage:
    """Everybody the actor sees under a requirement on a day; about eight queries for any number of people."""
    some = None if only is None else list(only)
    by_hours = requirement.measure == Requirement.Measure.HOURS
    version = version_on(requirement, on) if by_hours else None
    norm, until = norm_of(requirement, version, on)
    if norm is None:
        return Coverage(requirement, None, None, until)
    people = members(actor, requirement, on, only=some)
    if not people:
        return Coverage(requirement, norm, version, until)
    held = _held(requirement, norm, some)
    planned = tallies.planned(requirement, norm.asked, norm.window, norm.then, some)
    exempt = exemptions(actor, requirement, on, some)
    known = units_by_id(actor) if units is None else units
    years = requirement.years if requirement.span == "rolling" and not by_hours else 0
    lines = [
        _line(
            one, norm, held.get(pk, _NO_HELD), planned.get(pk, NOTHING), exempt=exempt.get(pk),
            unit=known.get(one.organisation_id or 0), years=years,
        )
        for pk, one in people.items()
    ]  # fmt: skip
    return Coverage(requirement, norm, version, until, lines)


def _held(requirement: Requirement, norm: Norm, only: Collection[int] | None) -> dict[int, Held]:
    if norm.asked.classes:
        return tallies.classes_held(requirement, norm.window, norm.then, only)
    return tallies.hours_held(requirement.school_id, norm.asked, norm.window, norm.then, only)


def _line(
    member: Member, norm: Norm, held: Held, planned: Tally, *, exempt: Exemption | None,
    unit: Organisation | None, years: int,
) -> Line:  # fmt: skip
    standing = judge(
        norm, member.joined, held.now, then=held.then, planned=planned, exempt=exempt is not None
    )
    valid = years_before(held.last_on, -years) if years and held.last_on and standing.state == "met" else None
    reason, number = (exempt.reason, exempt.pk) if exempt else ("", 0)
    return Line(member, standing, held.now, planned, unit, held.last_on, valid, reason, number)


def requirements_seen(actor: Actor) -> list[Requirement]:
    """The requirements in use, with their groups and regimes, in their order."""
    rows = visible(actor, Requirement).filter(active=True).select_related("regime")
    return list(rows.prefetch_related("groups__label"))


def window_words(window: Window) -> str:
    """A window as it is printed."""
    return f"{window.first:%Y-%m-%d} — {window.last:%Y-%m-%d}"
