"""Document numbers: their pattern, their drawing without gaps, their reading back from what people type."""

import re
import unicodedata
from string import Formatter

from django.db import transaction
from django.utils.translation import gettext as _

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


@transaction.atomic
def pass_by(series: DocSeries, year: int, seq: int) -> None:
    """Move the series on to a number given elsewhere, so that what is drawn next comes after it."""
    SeriesYear.objects.get_or_create(series=series, year=year)
    row = SeriesYear.objects.select_for_update().get(series=series, year=year)
    if seq > row.last:
        SeriesYear.objects.filter(pk=row.pk).update(last=seq)


def read(series: DocSeries, typed: str, year: int) -> tuple[int, int]:
    """Year and sequence of a number somebody typed: the whole of it, or its sequence alone in the given year.

    Raises Fault (field "typed") when it is no number of the series.
    """
    text = normal_number(typed)
    if text.isascii() and text.isdecimal() and len(text) < 8 and int(text):
        return year, int(text)
    found = re.fullmatch(_expression(series), text)
    if found is None or not int(found["seq"]):
        sample = number(series.pattern, series.mark, year, 1)
        raise Fault(
            _("“%(typed)s”不是这个系列的编号，请写成“%(sample)s”，或只写序号。")
            % {"typed": typed[:40], "sample": sample},
            "typed",
        )
    return int(found["year"]), int(found["seq"])


def _expression(series: DocSeries) -> str:
    """The pattern as a regular expression of normalised text."""
    parts = {
        "mark": re.escape(normal_number(series.mark)),
        "year": r"(?P<year>20\d\d)",
        "seq": r"0*(?P<seq>\d{1,7})",
    }
    made, seen = "", set()
    for text, name, _spec, _conversion in Formatter().parse(series.pattern):
        made += re.escape(normal_number(text))
        if name:
            made += parts[name] if name not in seen or name == "mark" else f"(?P={name})"
            seen.add(name)
    return made
