"""Document numbers: their pattern, their drawing without gaps, their reading back from what people type."""

import unicodedata
from string import Formatter

from django.db import transaction

from keyuan.kernel.faults import Fault
from keyuan.kernel.models import DocSeries, SeriesYear

FIELDS = {"mark", "year", "seq"}


def pattern_fault(pattern: str) -> str | None:
    """Why the pattern cannot give unique numbers, in Chinese; None when it can."""
    try:
        names = {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name is not None}
        number(pattern, "样", 2026, 1)
    except (ValueError, KeyError, IndexError, AttributeError):
        return "编号式样写法有误，可参照“{mark}〔{year}〕第{seq:05}号”。"
    if not {"year", "seq"} <= names or names - FIELDS:
        return "编号式样须含 {year} 与 {seq}，此外只可用 {mark}。"
    return None


def number(pattern: str, mark: str, year: int, seq: int) -> str:
    """The number as printed, as 粤科协培〔2026〕第00012号."""
    return pattern.format(mark=mark, year=year, seq=seq)


def normal_number(typed: str) -> str:
    """What somebody typed, brought to the printed form: brackets of any kind, full width, blanks."""
    text = "".join(unicodedata.normalize("NFKC", typed).split())
    for wrong, right in (("[", "〔"), ("]", "〕"), ("(", "〔"), (")", "〕"), ("【", "〔"), ("】", "〕")):
        text = text.replace(wrong, right)
    return text


def open_series(school_id: int, key: str, mark: str, pattern: str = "") -> DocSeries:
    """The school's series of this key, made at first use. Raises Fault when the pattern is of no use."""
    pattern = pattern or "{mark}〔{year}〕第{seq:05}号"
    fault = pattern_fault(pattern)
    if fault:
        raise Fault(fault, "pattern")
    series, _made = DocSeries.objects.get_or_create(
        school_id=school_id, key=key, defaults={"mark": mark, "pattern": pattern}
    )
    return series


@transaction.atomic
def draw(series: DocSeries, year: int, count: int = 1) -> range:
    """The next `count` numbers of the series in the year; given back whole if the transaction fails.

    The counter's row is locked first, so that on PostgreSQL too nobody draws the same number.
    """
    SeriesYear.objects.get_or_create(series=series, year=year)
    row = SeriesYear.objects.select_for_update().get(series=series, year=year)
    first = row.last + 1
    SeriesYear.objects.filter(pk=row.pk).update(last=row.last + count)
    return range(first, first + count)
