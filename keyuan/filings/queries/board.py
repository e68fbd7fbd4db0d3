"""The board of a frame: which unit has filed what, who owes, who is late, by kind, field and city."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Substr
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.filings.models import OWED, WAITING, Filing, Frame, Line, Outcome, Part, Reminder, S
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import matching

STANDINGS = (
    ("owed", _("未报送")),
    ("overdue", _("逾期未报")),
    ("waiting", _("待签收审定")),
    ("returned", _("已退回")),
    ("accepted", _("已审定")),
    ("late", _("逾期报送")),
    ("exempt", _("免报")),
)
SORTS: Mapping[str, Sequence[str]] = {
    "unit": ("organisation__kind", "organisation__order"),
    "plan": ("plan_state", "organisation__order"),
    "result": ("result_state", "organisation__order"),
    "filed": ("plan_filed_at", "organisation__order"),
    "lines": ("lines_n", "organisation__order"),
    "people": ("people_n", "organisation__order"),
    "held": ("held_n", "organisation__order"),
    "reminded": ("reminded", "organisation__order"),
}


def standing(frame: Frame, part: str, value: str, today: date) -> Q:
    """The condition on filings that one standing means; an unknown one finds nothing."""
    state, deadline = f"{part}_state", frame.deadline(part)
    owed = Q(**{f"{state}__in": OWED})
    found: dict[str, Q] = {
        "owed": owed,
        "overdue": owed if deadline < today else Q(pk__in=()),
        "waiting": Q(**{f"{state}__in": WAITING}),
        "returned": Q(**{state: S.RETURNED}),
        "accepted": Q(**{state: S.ACCEPTED}),
        "late": Q(**{f"{part}_filed_at__date__gt": deadline}),
        "exempt": Q(**{state: S.EXEMPT}),
    }
    return found.get(value, Q(pk__in=()))


def _count(rows: QuerySet[Any], what: Any) -> Coalesce:
    of = rows.filter(filing=OuterRef("pk"), withdrawn_at=None).order_by().values("filing")
    return Coalesce(Subquery(of.annotate(n=what).values("n")), 0)


def rows_of(actor: Actor, frame: Frame) -> QuerySet[Filing]:
    """The filings of a frame this actor sees, units gone from the list only where they filed."""
    rows = visible(actor, Filing).filter(frame=frame)
    gone = Q(organisation__active=False, plan_filed_at=None, result_filed_at=None)
    return rows.exclude(gone).select_related("organisation", "frame")


def board(actor: Actor, frame: Frame) -> QuerySet[Filing]:
    """The same with how many activities and people are planned and held, and when the unit was last reminded."""
    last = Reminder.objects.filter(filing=OuterRef("pk")).order_by("-on").values("on")[:1]
    return rows_of(actor, frame).annotate(
        lines_n=_count(Line.objects.all(), Count("pk")),
        people_n=_count(Line.objects.all(), Sum("people")),
        outcomes_n=_count(Outcome.objects.all(), Count("pk")),
        held_n=_count(
            Outcome.objects.all(), Sum(F("cadre") + F("leading_talent") + F("overseas_talent") + F("other"))
        ),
        reminded=Subquery(last, output_field=DateField()),
    )


def search(rows: QuerySet[Filing], text: str) -> QuerySet[Filing]:
    """Filings of units whose name, former name or code holds the words, or that plan or held something so called."""
    units = matching(Organisation.objects.all(), text).values("pk")
    lines = Line.objects.filter(name__icontains=text, withdrawn_at=None).values("filing_id")
    held = Outcome.objects.filter(name__icontains=text, withdrawn_at=None).values("filing_id")
    return rows.filter(Q(organisation__in=units) | Q(pk__in=lines) | Q(pk__in=held))


Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]


def filters(frame: Frame, today: date) -> dict[str, str | Narrow]:
    """GET name → how it narrows the board."""

    def by(part: str) -> Narrow:
        return lambda rows, value: rows.filter(standing(frame, part, value, today))

    return {
        "kind": "organisation__kind",
        "field": "organisation__field_or_region",
        "city": "organisation__city_code__startswith",
        "plan": by(Part.PLAN),
        "result": by(Part.RESULT),
    }


@dataclass
class Counts:
    """How many units are asked and how each stands (报送进度)."""

    name: str
    link: str = ""
    asked: int = 0
    plan: dict[str, int] = field(default_factory=dict)
    result: dict[str, int] = field(default_factory=dict)
    below: list["Counts"] = field(default_factory=list)

    @property
    def parts(self) -> tuple[dict[str, int], dict[str, int]]:
        """Plan and results, for a table."""
        return self.plan, self.result

    def add(self, other: "Counts") -> None:
        """The other's figures added."""
        self.asked += other.asked
        for mine, its in zip(self.parts, other.parts, strict=True):
            for key, count in its.items():
                mine[key] = mine.get(key, 0) + count


def _figures(frame: Frame, today: date) -> dict[str, Count]:
    return {
        f"{part}_{key}": Count("pk", filter=standing(frame, part, key, today))
        for part in Part.values
        for key, _word in STANDINGS
    }


def _counts(row: Mapping[str, Any], name: str, link: str = "") -> Counts:
    plan, result = ({key: row[f"{part}_{key}"] for key, _word in STANDINGS} for part in Part.values)
    return Counts(name, link, row["asked"], plan, result)


def tree(actor: Actor, frame: Frame, today: date, by: str = "field") -> Counts:
    """The whole, under it each kind of unit or each city, under it fields or kinds; one query."""
    outer, inner = (
        ("city", "organisation__kind")
        if by == "city"
        else ("organisation__kind", "organisation__field_or_region")
    )
    rows = rows_of(actor, frame).annotate(city=Substr("organisation__city_code", 1, 4)).order_by()
    found = (
        rows.values(outer, inner).annotate(asked=Count("pk"), **_figures(frame, today)).order_by(outer, inner)
    )
    kinds: dict[str, str] = {kind: str(word) for kind, word in Organisation.Kind.choices}
    names = cities(frame) if by == "city" else kinds
    top = Counts(_now("全省"))
    groups: dict[str, Counts] = {}
    for row in found:
        key, low = row[outer] or "", row[inner] or ""
        group = groups.setdefault(
            key, Counts(names.get(key, _now("未分地市") if by == "city" else key), _link(by, key))
        )
        if by == "city":
            leaf = _counts(
                row, kinds.get(low, low), f"{_link(by, key)}&kind={low}" if key else f"?kind={low}"
            )
        else:
            leaf = _counts(row, low or _now("未分学科片区"), f"?kind={key}&field={low}")
        group.below.append(leaf)
        group.add(leaf)
    for group in groups.values():
        top.add(group)
    top.below = (
        sorted(groups.values(), key=lambda one: not one.link) if by == "city" else list(groups.values())
    )
    return top


def _link(by: str, key: str) -> str:
    return (f"?city={key}" if key else "") if by == "city" else f"?kind={key}"


def cities(frame: Frame) -> dict[str, str]:
    """The city associations of the school by the first four figures of their code."""
    rows = Organisation.objects.filter(school_id=frame.school_id, kind=Organisation.Kind.CITY_ASSOCIATION)
    return {one.city_code[:4]: str(one) for one in rows.exclude(city_code="").order_by("order", "pk")}


def summary(actor: Actor, frame: Frame, today: date) -> Counts:
    """The figures of the whole frame, in one query."""
    row = rows_of(actor, frame).aggregate(asked=Count("pk"), **_figures(frame, today))
    return _counts(row, "")


def choices(actor: Actor, frame: Frame) -> dict[str, list[tuple[str, str]]]:
    """Kinds, fields and cities that occur among the filings, for the filters."""
    rows = rows_of(actor, frame).order_by("organisation__kind", "organisation__order")
    seen = list(
        rows.values_list("organisation__kind", "organisation__field_or_region", "organisation__city_code")
    )
    kinds = {kind: str(word) for kind, word in Organisation.Kind.choices}
    known, codes = cities(frame), {code[:4] for _kind, _field, code in seen if code}
    return {
        "kinds": [(kind, kinds[kind]) for kind in dict.fromkeys(row[0] for row in seen)],
        "fields": [(one, one) for one in dict.fromkeys(row[1] for row in seen if row[1])],
        "cities": [(code, name) for code, name in known.items() if code in codes],
    }


def reminders(actor: Actor, frame: Frame) -> QuerySet[Reminder]:
    """Who was reminded when, newest first."""
    rows = visible(actor, Reminder).filter(filing__frame=frame)
    return rows.select_related("filing__organisation", "by").order_by("-on", "-pk")


def silent(actor: Actor, frame: Frame) -> int:
    """How many units that owe something have nobody who could be told, as the last reminder found."""
    rows = visible(actor, Reminder).filter(filing__frame=frame, told=0)
    owing = Q(filing__plan_state__in=OWED, part=Part.PLAN) | Q(
        filing__result_state__in=OWED, part=Part.RESULT
    )
    return rows.filter(owing).values("filing_id").distinct().count()


def kinds_asked(frame: Frame) -> list[str]:
    """The kinds of unit that are asked, in words."""
    return [str(word) for kind, word in Organisation.Kind.choices if kind in frame.kinds]
