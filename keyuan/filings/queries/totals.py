"""What all units together plan and have held: sums by type, month, cohort, field and unit, and plan against result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.filings.models import COUNTED, Cohort, Frame, Line, Outcome
from keyuan.filings.queries.board import cities, rows_of
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation

STATES = (
    ("held", _("已举办")),
    ("due", _("未到月份")),
    ("missed", _("逾期未办")),
    ("unplanned", _("计划外")),
)
ATTENDED = F("cadre") + F("leading_talent") + F("overseas_talent") + F("other")
COHORTS = tuple(Cohort.values)


def counted_lines(actor: Actor, frame: Frame) -> QuerySet[Line]:
    """The planned activities that were handed in."""
    rows = visible(actor, Line).filter(filing__frame=frame, withdrawn_at=None)
    return rows.filter(filing__plan_state__in=COUNTED)


def counted_outcomes(actor: Actor, frame: Frame) -> QuerySet[Outcome]:
    """The results that were handed in."""
    rows = visible(actor, Outcome).filter(filing__frame=frame, withdrawn_at=None)
    return rows.filter(filing__result_state__in=COUNTED)


@dataclass
class Total:
    """One line of sums: planned activities, days, people, money; held activities and people (计划与结果合计)."""

    name: str
    lines: int = 0
    days: Decimal = Decimal(0)
    people: int = 0
    budget: Decimal = Decimal(0)
    held: int = 0
    attended: int = 0
    unplanned: int = 0


@dataclass
class Totals:
    """All sums of a frame (汇总): the whole, and groups with their titles."""

    whole: Total
    groups: list[tuple[str, list[Total]]] = field(default_factory=list)


def _planned(rows: QuerySet[Line], key: str) -> Any:
    return rows.order_by().values(key).annotate(
        n=Count("pk"), days=Coalesce(Sum("days"), Decimal(0)), persons=Coalesce(Sum("people"), 0),
        money=Coalesce(Sum("budget"), Decimal(0)),
    )  # fmt: skip


def _held(rows: QuerySet[Outcome], key: str) -> Any:
    return rows.order_by().values(key).annotate(
        n=Count("pk"), persons=Coalesce(Sum(ATTENDED), 0), extra=Count("pk", filter=Q(line=None))
    )  # fmt: skip


def _grouped(
    lines: QuerySet[Line], outcomes: QuerySet[Outcome], key: str, names: Mapping[Any, str], blank: str = ""
) -> list[Total]:
    """Sums by one key, in the order of `names`; what has no value comes last under `blank`."""
    found: dict[Any, Total] = {}
    for row in _planned(lines, key):
        one = found.setdefault(row[key] or "", Total(""))
        one.lines, one.days, one.people, one.budget = row["n"], row["days"], row["persons"], row["money"]
    for row in _held(outcomes, key):
        one = found.setdefault(row[key] or "", Total(""))
        one.held, one.attended, one.unplanned = row["n"], row["persons"], row["extra"]
    order = list(names)
    for value, one in found.items():
        one.name = names.get(value, str(value)) if value else blank
    return [
        found[value]
        for value in sorted(found, key=lambda v: (order.index(v) if v in names else len(order), str(v)))
    ]


def _cohorts(lines: QuerySet[Line], outcomes: QuerySet[Outcome]) -> list[Total]:
    found = {row["cohort"]: row for row in _planned(lines, "cohort")}
    held = outcomes.aggregate(
        **{f"{key}_sum": Coalesce(Sum(key), 0) for key in COHORTS},
        **{f"{key}_n": Count("pk", filter=Q(**{f"{key}__gt": 0})) for key in COHORTS},
    )
    sums = []
    for value, word in Cohort.choices:
        row = found.get(value, {})
        sums.append(
            Total(
                str(word), row.get("n", 0), row.get("days", Decimal(0)), row.get("persons", 0),
                row.get("money", Decimal(0)), held[f"{value}_n"], held[f"{value}_sum"],
            )
        )  # fmt: skip
    return sums


def totals(actor: Actor, frame: Frame) -> Totals:
    """Sums of what was handed in, by type, kind of unit, field, city and cohort."""
    lines, outcomes = counted_lines(actor, frame), counted_outcomes(actor, frame)
    kinds = {value: str(word) for value, word in Organisation.Kind.choices}
    kind, region = "filing__organisation__kind", "filing__organisation__field_or_region"
    city = Substr("filing__organisation__city_code", 1, 4)
    types = list(frame.types.values_list("name", flat=True))
    by_type = _grouped(lines, outcomes, "type__name", {name: name for name in types})
    groups = [
        (_now("按活动类型"), by_type),
        (_now("按单位类别"), _grouped(lines, outcomes, kind, kinds)),
        (_now("按学科、片区"), _grouped(lines, outcomes, region, {}, _now("未分学科片区"))),
        (_now("按对象"), _cohorts(lines, outcomes)),
        (
            _now("按地市"),
            _grouped(
                lines.annotate(city=city),
                outcomes.annotate(city=city),
                "city",
                cities(frame),
                _now("未分地市"),
            ),
        ),
    ]
    whole = Total(_now("合计"))
    for one in by_type:
        for name in ("lines", "days", "people", "budget", "held", "attended", "unplanned"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return Totals(whole, groups)


def activities(actor: Actor, frame: Frame) -> QuerySet[Line]:
    """Every planned activity handed in, with how often it was held, when last and with how many."""
    held = Outcome.objects.filter(line=OuterRef("pk"), withdrawn_at=None, filing__result_state__in=COUNTED)
    by = held.order_by().values("line")
    return (
        counted_lines(actor, frame)
        .select_related(
            "filing__organisation", "type", "activity", "follows__activity", "follows__training_class"
        )
        .annotate(
            times=Coalesce(Subquery(by.annotate(n=Count("pk")).values("n")), 0),
            attended=Coalesce(Subquery(by.annotate(n=Sum(ATTENDED)).values("n")), 0),
            is_held=Exists(held),
        )
    )


def standing(rows: QuerySet[Line], frame: Frame, value: str, today: date) -> QuerySet[Line]:
    """The activities that were held, are not due yet, or should have been held by now."""
    due = (
        Q(month__gte=today.month)
        if frame.year == today.year
        else Q()
        if frame.year > today.year
        else Q(pk__in=())
    )
    found = {"held": Q(is_held=True), "due": Q(is_held=False) & due, "missed": Q(is_held=False) & ~due}
    return rows.filter(found.get(value, Q(pk__in=())))


def state_of(line: Line, frame: Frame, today: date) -> str:
    """The same for one row."""
    if getattr(line, "times", 0):
        return "held"
    later = frame.year > today.year or (frame.year == today.year and (line.month or 0) >= today.month)
    return "due" if later else "missed"


def lines_about(actor: Actor, activity_id: int) -> QuerySet[Line]:
    """The filed lines that name an activity of the province's plan, or follow it as an example."""
    rows = visible(actor, Line).filter(withdrawn_at=None, filing__plan_state__in=COUNTED)
    about = (
        Q(activity_id=activity_id)
        | Q(follows__activity_id=activity_id)
        | Q(follows__training_class__activity_id=activity_id)
    )
    return rows.filter(about).select_related("filing__organisation", "filing__frame").order_by("month", "pk")


def units_of(actor: Actor, frame: Frame) -> int:
    """How many units the sums stand for."""
    return rows_of(actor, frame).filter(plan_state__in=COUNTED).count()


def search(rows: QuerySet[Line], text: str) -> QuerySet[Line]:
    """Activities whose name, unit or the province's activity they name holds the words."""
    said = Q(name__icontains=text) | Q(activity__name__icontains=text)
    return rows.filter(said | Q(filing__organisation__name__icontains=text))
