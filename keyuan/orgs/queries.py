"""What is asked of the list of organisations: searches, choices, and how a new list differs from what stands."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation, OrganisationName, School

FIELDS = ("name", "short_name", "kind", "field_or_region", "city_code", "credit_code", "certainty", "note")
KIND_ORDER = tuple(Organisation.Kind.values)


@dataclass(frozen=True)
class ListedOrganisation:
    """One row of an organisation list as a file states it, before anything is compared or written."""

    name: str
    kind: str
    short_name: str = ""
    field_or_region: str = ""
    city_code: str = ""
    credit_code: str = ""
    certainty: str = Organisation.Certainty.OFFICE.value
    note: str = ""


@dataclass
class ListComparison:
    """A new list laid beside the one that stands (名单对照)."""

    added: list[ListedOrganisation] = field(default_factory=list)
    changed: list[tuple[Organisation, ListedOrganisation, list[str]]] = field(default_factory=list)
    retired: list[Organisation] = field(default_factory=list)
    same: int = 0
    state: str = ""

    @property
    def changes_nothing(self) -> bool:
        """Whether the list says what already stands."""
        return not (self.added or self.changed or self.retired)


def in_official_order(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The rows with `rank`, the place of their kind: the association, its departments, then cities and societies."""
    places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(KIND_ORDER)]
    return rows.annotate(rank=Case(*places, default=Value(len(places)), output_field=IntegerField()))


def matching(rows: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Organisations whose name, short name, former name or credit code holds the words."""
    words = "".join(text.split())
    return rows.filter(
        Q(name__icontains=words)
        | Q(short_name__icontains=words)
        | Q(credit_code__icontains=words)
        | Q(former_names__name__icontains=words, former_names__withdrawn_at=None)
    ).distinct()


def fields_and_regions(actor: Actor) -> list[tuple[str, str]]:
    """The fields of societies and regions of cities in use, for the filter."""
    rows = visible(actor, Organisation).exclude(field_or_region="").order_by("kind", "order")
    return [(one, one) for one in dict.fromkeys(rows.values_list("field_or_region", flat=True))]


def state_of(school: School) -> str:
    """A short digest of the whole list, to tell whether it moved between preview and confirmation."""
    rows = (
        Organisation.objects.filter(school=school)
        .order_by("pk")
        .values_list("pk", "order", "active", *FIELDS)
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:32]


def compare(school: School, listed: Sequence[ListedOrganisation], *, whole: bool) -> ListComparison:
    """Lay a list beside the school's.

    An organisation is the one of the same credit code, failing that of the same name. With `whole`,
    active ones missing from the list are retired, but only of the kinds that the list speaks of.
    """
    standing = list(Organisation.objects.filter(school=school))
    by_code = {one.credit_code: one for one in standing if one.credit_code}
    by_name = {one.name: one for one in standing}
    found, met = ListComparison(state=state_of(school)), set()
    for line in listed:
        one = by_code.get(line.credit_code) or by_name.get(line.name)
        if one is None or one.pk in met:
            found.added.append(line)
            continue
        met.add(one.pk)
        differing = _differing(one, line)
        if differing:
            found.changed.append((one, line, differing))
        else:
            found.same += 1
    kinds = {line.kind for line in listed}
    if whole:
        found.retired = [one for one in standing if one.active and one.pk not in met and one.kind in kinds]
    return found


def _differing(one: Organisation, line: ListedOrganisation) -> list[str]:
    """The fields in which a row differs; a blank in the file never wipes out what is known."""
    differing = [name for name in FIELDS if getattr(line, name) and getattr(line, name) != getattr(one, name)]
    return differing if one.active else [*differing, "active"]


@dataclass(frozen=True)
class NameSpan:
    """One name with the days it holds (名称沿革): `since` included, `until` not; None where nobody knows or it lasts."""

    name: str
    since: date | None
    until: date | None
    basis: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether this was the name on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class Named(Protocol):
    """An organisation, or what was read of it (单位)."""

    @property
    def pk(self) -> int:
        """Its number."""
        ...

    @property
    def name(self) -> str:
        """Its name now."""
        ...


def names_of(organisations: Iterable[Named]) -> dict[int, list[NameSpan]]:
    """All names of each organisation, oldest first, in one query; what a rename was founded on stands with the new name."""
    rows = {one.pk: one for one in organisations}
    former: dict[int, list[OrganisationName]] = {}
    found = OrganisationName.objects.filter(organisation_id__in=rows, withdrawn_at=None)
    for name in found.order_by("until", "pk"):
        former.setdefault(name.organisation_id, []).append(name)
    return {pk: _spans(one, former.get(pk, [])) for pk, one in rows.items()}


def _spans(one: Named, former: Sequence[OrganisationName]) -> list[NameSpan]:
    spans, since, basis = [], None, ""
    for name in former:
        spans.append(NameSpan(name.name, since, name.until, basis))
        since, basis = name.until, name.basis
    return [*spans, NameSpan(one.name, since, None, basis)]


def name_on(organisation: Organisation, day: date) -> str:
    """What the organisation was called on a day."""
    return names_on([organisation], day)[organisation.pk]


def names_on(organisations: Iterable[Organisation], day: date) -> dict[int, str]:
    """What each was called on a day: organisation id → name, in one query for all."""
    found = names_of(organisations)
    return {pk: next(span.name for span in spans if span.holds_on(day)) for pk, spans in found.items()}


def last_rename(organisation: Organisation) -> OrganisationName | None:
    """The latest former name, which a wrong rename can be taken back to."""
    return OrganisationName.objects.filter(organisation=organisation, withdrawn_at=None).first()
