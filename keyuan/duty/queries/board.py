"""The board over all terms that owe duties: who stands how, by field, city and term."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from keyuan.duty.models import Duty, DutyRule, Kind
from keyuan.duty.queries.states import detailed, with_states
from keyuan.duty.rules import standing
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import in_official_order, matching, names_on
from keyuan.terms.models import DEADLINE, Term

WITHIN = ("30", "90", "180")
SORTS: Mapping[str, tuple[Any, ...]] = {
    "order": ("organisation__kind", "organisation__order", "organisation_id", "post__order", "starts", "pk"),
    "holder": ("holder__pinyin", "pk"),
    "number": (F("number").asc(nulls_last=True), "organisation__order", "pk"),
    "starts": ("starts", "pk"),
    "until": (F("until").asc(nulls_last=True), "pk"),
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for on the board (筛选条件)."""

    q: str = ""
    kind: str = ""
    field: str = ""
    city: str = ""
    number: str = ""
    year: str = ""
    duty: str = ""
    state: str = ""
    within: str = ""


@dataclass
class Line:
    """One term with its two duties (听一课讲一课一览的一行)."""

    term: Term
    unit: str
    duties: dict[str, Duty] = field(default_factory=dict)

    @property
    def attend(self) -> Duty | None:
        """听一课, where the term owes it."""
        return self.duties.get(Kind.ATTEND.value)

    @property
    def lecture(self) -> Duty | None:
        """讲一课, where the term owes it."""
        return self.duties.get(Kind.LECTURE.value)


def _of_term(rows: QuerySet[Duty], wanted: Wanted, on: date) -> QuerySet[Duty]:
    """The duties of the terms meant: those in force on the day, or in any part of the year asked for."""
    if wanted.year.isdigit() and 1990 <= int(wanted.year) <= 2100:
        first, last = date(int(wanted.year), 1, 1), date(int(wanted.year), 12, 31)
    else:
        first = last = on
    rows = rows.filter(term__starts__lte=last).filter(Q(term__ends=None) | Q(term__ends__gte=first))
    if wanted.number.isdigit():
        rows = rows.filter(term__number=int(wanted.number[:3]))
    return rows


def _of_unit(rows: QuerySet[Duty], wanted: Wanted) -> QuerySet[Duty]:
    if wanted.kind:
        rows = rows.filter(term__organisation__kind=wanted.kind)
    if wanted.field:
        rows = rows.filter(term__organisation__field_or_region=wanted.field)
    if wanted.city:
        rows = rows.filter(term__organisation__city_code__startswith=wanted.city[:4])
    words = "".join(wanted.q.split())
    if words:
        units = matching(Organisation.objects.order_by(), words).values("pk")
        person = Q(term__holder__name__icontains=words) | Q(term__holder__pinyin__icontains=words.lower())
        rows = rows.filter(Q(term__organisation__in=units) | person)
    return rows


def meant(actor: Actor, wanted: Wanted, on: date) -> QuerySet[Any]:
    """The duties of the board as it is narrowed by everything but their own state, with states."""
    rows = _of_unit(_of_term(visible(actor, Duty), wanted, on), wanted)
    return with_states(rows.order_by(), on)


def counted(rows: QuerySet[Any]) -> dict[str, dict[str, int]]:
    """How many duties of each kind stand how, counted by the database: kind → state → number."""
    found = {kind: dict.fromkeys((state for state, _word in standing.STATES), 0) for kind in Kind.values}
    for kind, state, number in rows.values_list("kind", "state").annotate(n=Count("pk")):
        found[kind][state] = number
    return found


def terms_of(actor: Actor, rows: QuerySet[Any], wanted: Wanted, on: date, sort: str) -> QuerySet[Term]:
    """The terms on the board that have a duty of the kind and state asked for, in order."""
    if wanted.duty:
        rows = rows.filter(kind=wanted.duty)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.within in WITHIN:
        last = date.fromordinal(on.toordinal() + int(wanted.within))
        rows = rows.filter(until__gte=on, until__lte=last, state__in=standing.OUTSTANDING)
    own = Term.objects.filter(pk__in=rows.values("term_id"), school_id=actor.school_id or 0)
    key = sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "order"
    found = own.annotate(until=DEADLINE).order_by(*SORTS[key])
    return (found.reverse() if sort.startswith("-") else found).select_related(
        "organisation", "post", "holder"
    )


def lines_of(terms: Iterable[Term], on: date) -> list[Line]:
    """The lines of some terms, each unit named as on the day: two queries for any number."""
    terms = list(terms)
    names = names_on({term.organisation_id: term.organisation for term in terms}.values(), on)
    found = {term.pk: Line(term, names[term.organisation_id]) for term in terms}
    for duty in detailed(Duty.objects.filter(term_id__in=found), on):
        found[duty.term_id].duties[duty.kind] = duty
    return list(found.values())


def unrecorded(actor: Actor, on: date) -> int:
    """How many units have a post that owes duties and nobody recorded in it on the day: no duty can be opened there."""
    rules = visible(actor, DutyRule).filter(since__lte=on).order_by("since")
    latest = {(rule.organisation_kind, rule.post_duty): rule.owed for rule in rules}
    asked = Q(pk__in=())
    for (kind, duty), owed in latest.items():
        if owed:
            held = Term.objects.filter(
                organisation=OuterRef("pk"), post__duty=duty, holder__isnull=False, withdrawn_at=None,
                starts__lte=on,
            ).filter(Q(ends=None) | Q(ends__gte=on))  # fmt: skip
            asked |= Q(Q(kind=kind), ~Exists(held))
    return visible(actor, Organisation).filter(asked, active=True).count()


def numbers(actor: Actor) -> list[tuple[str, int]]:
    """The 届 there are, for the filter."""
    rows = visible(actor, Duty).exclude(term__number=None).order_by("term__number")
    found = rows.values_list("term__number", flat=True).distinct()
    return [(str(number), number) for number in found if number is not None]


def years(actor: Actor, on: date) -> list[int]:
    """The years in which any term with duties ran, this year first."""
    first = visible(actor, Duty).order_by("term__starts").values_list("term__starts", flat=True).first()
    return list(range(on.year, (first.year if first else on.year) - 1, -1))


def cities(actor: Actor) -> list[tuple[str, str]]:
    """The cities by the first four figures of their code, for the filter."""
    rows = in_official_order(visible(actor, Organisation)).filter(kind="city_association")
    return [(one.city_code[:4], str(one)) for one in rows.exclude(city_code="").order_by("order", "pk")]
