"""Standards and withholding tables written: typed, copied to a new version, ended, and the figures to start with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keyuan.fees.models import (
    DayRate,
    FeeStandard,
    Item,
    LectureRate,
    Mark,
    Withholding,
    WithholdingBracket,
)
from keyuan.fees.queries.standards import table_of
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import School

audit.sentence("fees.standard.saved", "修改费用标准：{thing}")
audit.sentence("fees.standard.copied", "由原标准复制出新版费用标准：{thing}")
audit.sentence("fees.standard.ended", "停用费用标准：{thing}，自 {day}")
audit.sentence("fees.standard.filled", "导入费用标准：{thing}，{rows} 行")
audit.sentence("fees.withholding.saved", "设定劳务报酬预扣率表：{thing} 起")

FIELDS = (
    "region", "valid_from", "source", "full_days", "beyond_share", "travel_days", "staff_share", "staff_cap",
    "half_day_hours", "mark",
)  # fmt: skip


@dataclass(frozen=True)
class RateFacts:
    """One figure as typed or imported: a day rate of a category and item, or a lecture rate of a rank."""

    name: str
    amount: Decimal
    item: str = ""
    audience: str = ""
    mark: str = Mark.OWN


def _day_rates(standard: FeeStandard, rows: Iterable[RateFacts]) -> None:
    standard.rates.all().delete()
    orders: dict[str, int] = {}
    for row in rows:
        category = orders.setdefault(row.name, len(orders))
        DayRate.objects.create(
            standard=standard, category=row.name, audience=row.audience, item=row.item, amount=row.amount,
            mark=row.mark, order=category * 10 + Item.values.index(row.item),
        )  # fmt: skip


def _lecture_rates(standard: FeeStandard, rows: Iterable[RateFacts]) -> None:
    standard.lectures.all().delete()
    for order, row in enumerate(rows):
        LectureRate.objects.create(
            standard=standard, rank=row.name, amount=row.amount, mark=row.mark, order=order
        )


@transaction.atomic
def save_standard(
    actor: Actor,
    *,
    school: School,
    facts: Mapping[str, Any],
    days: Iterable[RateFacts] | None = None,
    lectures: Iterable[RateFacts] | None = None,
    standard: FeeStandard | None = None,
) -> FeeStandard:
    """Write a standard; `days` and `lectures` replace all its figures, None leaves them.

    Budgets keep the figures they were reckoned with until they are reckoned again.
    """
    saved = (
        FeeStandard.objects.select_for_update().get(pk=standard.pk)
        if standard
        else FeeStandard(school=school)
    )
    require(actor, "fees.standards", saved)
    for name in FIELDS:
        if name in facts:
            setattr(saved, name, facts[name])
    _save(saved)
    if days is not None:
        _day_rates(saved, days)
    if lectures is not None:
        _lecture_rates(saved, lectures)
    audit.record(actor, "fees.standard.saved", saved)
    return saved


def _save(standard: FeeStandard) -> None:
    if standard.valid_to is not None and standard.valid_to < standard.valid_from:
        raise Fault(_("停用日期不能早于起用日期。"), "valid_from")
    try:
        with transaction.atomic():
            standard.save()
    except IntegrityError as clash:
        words = _("“%(region)s”自这一天起已有一份标准，请改起用日期，或修改原标准。")
        raise Conflict(words % {"region": standard.region}, "valid_from") from clash


@transaction.atomic
def copy_standard(actor: Actor, *, standard: FeeStandard, valid_from: date) -> FeeStandard:
    """A new version with the same figures from a day on; the old one ends the day before."""
    old = FeeStandard.objects.select_for_update().get(pk=standard.pk)
    require(actor, "fees.standards", old)
    if valid_from <= old.valid_from:
        raise Fault(_("新版的起用日期要晚于原标准的 %(day)s。") % {"day": old.valid_from}, "valid_from")
    made = FeeStandard(school_id=old.school_id, valid_to=None)
    for name in FIELDS:
        setattr(made, name, getattr(old, name))
    made.valid_from = valid_from
    _save(made)
    for rate in old.rates.all():
        rate.pk, rate.standard = None, made
        rate.save(force_insert=True)
    for lecture in old.lectures.all():
        lecture.pk, lecture.standard = None, made
        lecture.save(force_insert=True)
    if old.valid_to is None or old.valid_to >= valid_from:
        old.valid_to = valid_from - timedelta(days=1)
        old.save(update_fields=["valid_to"])
    audit.record(actor, "fees.standard.copied", made, source=old.pk)
    return made


@transaction.atomic
def end_standard(actor: Actor, *, standard: FeeStandard, valid_to: date | None) -> None:
    """The last day on which a standard holds; None lets it hold on."""
    held = FeeStandard.objects.select_for_update().get(pk=standard.pk)
    require(actor, "fees.standards", held)
    if valid_to is not None and valid_to < held.valid_from:
        raise Fault(_("停用日期不能早于起用日期。"), "valid_to")
    held.valid_to = valid_to
    held.save(update_fields=["valid_to"])
    audit.record(actor, "fees.standard.ended", held, day=str(valid_to or ""))


@transaction.atomic
def fill_standard(
    actor: Actor, *, standard: FeeStandard, days: list[RateFacts], lectures: list[RateFacts]
) -> None:
    """Replace all figures by those of a file."""
    held = FeeStandard.objects.select_for_update().get(pk=standard.pk)
    require(actor, "fees.standards", held)
    _day_rates(held, days)
    _lecture_rates(held, lectures)
    audit.record(actor, "fees.standard.filled", held, rows=len(days) + len(lectures))


@transaction.atomic
def save_withholding(
    actor: Actor,
    *,
    school: School,
    facts: Mapping[str, Any],
    brackets: Iterable[tuple[Decimal, Decimal, Decimal]],
) -> Withholding:
    """The table that holds from a day on, brackets as (over, rate, quick); a table of the same day is replaced.

    Raises Fault when the table has jumps: then a net sum would have no or two gross sums.
    """
    rows = Withholding.objects.select_for_update().filter(school=school, valid_from=facts["valid_from"])
    saved = rows.first() or Withholding(school=school)
    require(actor, "fees.standards", saved)
    for name in ("valid_from", "small_limit", "small_deduction", "deduction_share", "source", "mark"):
        if name in facts:
            setattr(saved, name, facts[name])
    saved.save()
    saved.brackets.all().delete()
    WithholdingBracket.objects.bulk_create(
        WithholdingBracket(table=saved, over=over, rate=rate, quick=quick)
        for over, rate, quick in sorted(brackets)
    )
    if faults := table_of(saved).faults():
        raise Fault(faults[0])
    audit.record(actor, "fees.withholding.saved", saved)
    return saved


ORDER_540 = "财行〔2016〕540号《中央和国家机关培训费管理办法》"
NOTICE_61 = "国家税务总局公告2018年第61号"
_F, _R = Mark.FOUND, Mark.RECALLED
# 元/人·天: 住宿, 伙食, 场地资料交通, 其他; the split of the second category is recalled, not read.
_DAYS = (
    ("一类", "省部级及相当职务", (500, 150, 80, 30), _F),
    ("二类", "司局级", (400, 150, 70, 30), _R),
    ("三类", "处级及以下", (340, 130, 50, 30), _F),
)
_LECTURES = (
    ("院士、全国知名专家", 1500, _F),
    ("正高级", 1000, _F),
    ("副高级", 500, _F),
    ("中级及其他", 300, _R),
)
_BRACKETS = ((0, "0.2", 0), (20000, "0.3", 2000), (50000, "0.4", 7000))


@transaction.atomic
def load_defaults(actor: Actor, *, school: School) -> None:
    """The figures to start with, each marked by how sure it is; a school that has any keeps its own."""
    if not FeeStandard.objects.filter(school=school).exists():
        save_standard(
            actor, school=school,
            facts={
                "region": "省本级（参照中央）", "valid_from": date(2017, 1, 1), "source": ORDER_540, "mark": _R,
            },
            days=[
                RateFacts(name, Decimal(amount), item, audience, mark)
                for name, audience, amounts, mark in _DAYS
                for item, amount in zip(Item.values, amounts, strict=True)
            ],
            lectures=[RateFacts(name, Decimal(amount), mark=mark) for name, amount, mark in _LECTURES],
        )  # fmt: skip
    if not Withholding.objects.filter(school=school).exists():
        save_withholding(
            actor, school=school, facts={"valid_from": date(2019, 1, 1), "source": NOTICE_61, "mark": _R},
            brackets=[(Decimal(over), Decimal(rate), Decimal(quick)) for over, rate, quick in _BRACKETS],
        )  # fmt: skip
