"""The register of document numbers (发文登记): drawn, typed in, reserved, used, voided; gaps stay and are listed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import access, audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import DocNumber, DocSeries, IssuedPaper, SeriesYear
from keyuan.kernel.papers import numbering

State, Origin = DocNumber.State, DocNumber.Origin
OFFICE = ("registrar", "department_head", "leader")
MAY_DRAW = (*OFFICE, "head_teacher")
AT_ONCE = 50

audit.sentence("papers.number", "取用了发文字号{number}")
audit.sentence("papers.reserve", "预留了发文字号 {count} 个，自{number}起")
audit.sentence("papers.void_number", "作废了发文字号{number}")
audit.sentence("papers.series", "设置了编号系列{mark}")


@dataclass(frozen=True)
class Bearer:
    """What a room says of the things that bear numbers: where one is shown, and what happens when it loses its own."""

    link: Callable[[int], str]
    lost: Callable[[Actor, int, str], None]


BEARERS: dict[str, Bearer] = {}


def bearer(label: str, *, link: Callable[[int], str], lost: Callable[[Actor, int, str], None]) -> None:
    """Register the things of a label: `lost(actor, id, number)` is called in the transaction of a voiding."""
    BEARERS[label] = Bearer(link, lost)


def link_of(number: DocNumber) -> str:
    """Where the bearer is shown; empty when nothing here bears it."""
    found = BEARERS.get(number.owner_label)
    return found.link(number.owner_id) if found and number.owner_id else ""


@access.scope(DocSeries)
def series_in_sight(actor: Actor, rows: Any) -> Any:
    """The school's, to whoever may draw from one."""
    return rows.filter(school_id=actor.school_id) if _is_staff(actor) else rows.none()


@access.scope(DocNumber)
def numbers_in_sight(actor: Actor, rows: Any) -> Any:
    """The school's register, to the office; a head teacher sees the numbers drawn by themself."""
    rows = rows.filter(school_id=actor.school_id)
    if actor.roles & {*OFFICE, "system"}:
        return rows
    return rows.filter(taken_by=actor.person_id) if _is_staff(actor) else rows.none()


def _is_staff(actor: Actor) -> bool:
    return bool(actor.roles & {*MAY_DRAW, "system"})


@access.rule("papers.register", title="查看发文登记", roles=OFFICE, limits="本校")
def may_see_register(_actor: Actor, _thing: Any) -> bool:
    """The office of the school; the list itself holds the school's numbers only."""
    return True


@access.rule("papers.number", title="取用发文字号", roles=MAY_DRAW, limits="本校；限对该角色开放的系列")
def may_number(actor: Actor, series: DocSeries | None) -> bool:
    """Within one's own school, in a role to which the series is open."""
    if series is None:
        return True
    opened = "system" in actor.roles or bool(actor.roles.intersection(series.drawers))
    return opened and actor.school_id == series.school_id


@access.rule("papers.void_number", title="作废发文字号", roles=("registrar",), limits="本校")
def may_void_number(actor: Actor, number: DocNumber | None) -> bool:
    """The registrar within the own school."""
    return number is None or actor.school_id == number.school_id


@access.rule("papers.series", title="管理编号系列", roles=("registrar",), limits="本校")
def may_keep_series(actor: Actor, series: DocSeries | None) -> bool:
    """The registrar within the own school."""
    return series is None or actor.school_id == series.school_id


@dataclass(frozen=True)
class Entry:
    """What the register says of a document (登记内容); owner is a pair of label and number, or none."""

    title: str
    form: str = ""
    day: date | None = None
    owner: tuple[str, int] | None = None


def number_of(label: str, owner_id: int) -> DocNumber | None:
    """The number in use of a thing."""
    return DocNumber.objects.filter(owner_label=label, owner_id=owner_id, state=State.USED).first()


@transaction.atomic
def draw_number(actor: Actor, *, series: DocSeries, entry: Entry, year: int | None = None) -> DocNumber:
    """The next number of the series for a document; a thing that has a number in use gets that one again."""
    held = _locked(actor, series)
    found = _held_by(entry)
    if found is not None:
        return found
    year = year or timezone.localdate().year
    seq = numbering.draw(held, year)[0]
    return _take(actor, held, (year, seq), entry, state=State.USED, origin=Origin.DRAWN)


@transaction.atomic
def type_number(
    actor: Actor, *, series: DocSeries, typed: str, entry: Entry, year: int | None = None
) -> DocNumber:
    """Enter a number that was given elsewhere (OA); the series goes on after it, what it leaves out stays a gap.

    A number reserved before is used by typing it. Raises Fault (field "typed") when it cannot be read as one
    of the series, Conflict when it is taken or void.
    """
    held = _locked(actor, series)
    found_year, seq = numbering.read(held, typed, year or timezone.localdate().year)
    words = numbering.number(held.pattern, held.mark, found_year, seq)
    mine = _held_by(entry)
    if mine is not None and mine.number == words:
        return mine
    if mine is not None:
        raise Conflict(_("此文已有文号 %(number)s，换号请先在发文登记中作废。") % {"number": mine.number})
    taken = DocNumber.objects.select_for_update().filter(series=held, year=found_year, seq=seq).first()
    if taken is None:
        numbering.pass_by(held, found_year, seq)
        return _take(actor, held, (found_year, seq), entry, state=State.USED, origin=Origin.TYPED)
    if taken.state != State.RESERVED:
        raise Conflict(
            _("%(number)s 已登记为“%(title)s”（%(state)s），不能重复使用。")
            % {"number": words, "title": taken.title, "state": taken.get_state_display()}
        )
    return _use(actor, taken, entry)


@transaction.atomic
def reserve(
    actor: Actor, *, series: DocSeries, purpose: str, count: int = 1, year: int | None = None
) -> list[DocNumber]:
    """Set numbers aside (预留), at most AT_ONCE at a time; each is used later by typing it, or voided."""
    held = _locked(actor, series)
    if not 1 <= count <= AT_ONCE:
        raise Fault(_("一次可预留 1 至 %(n)s 个号。") % {"n": AT_ONCE}, "count")
    year = year or timezone.localdate().year
    entry = Entry(purpose)
    taken = [
        _take(actor, held, (year, seq), entry, state=State.RESERVED, origin=Origin.DRAWN, told=False)
        for seq in numbering.draw(held, year, count)
    ]
    audit.record(actor, "papers.reserve", taken[0], number=taken[0].number, count=count)
    return taken


@transaction.atomic
def void_number(actor: Actor, *, number: DocNumber, reason: str) -> DocNumber:
    """Void a number for good; what bore it is unnumbered again and may draw anew. Voiding again changes nothing."""
    row = DocNumber.objects.select_for_update().get(pk=number.pk)
    access.require(actor, "papers.void_number", row)
    if not reason.strip():
        raise Fault("请写明作废原因。", "reason")
    if row.state == State.VOID:
        return row
    row.state, row.voided_at, row.voided_by = State.VOID, timezone.now(), actor.person_id
    row.void_reason = reason.strip()[:200]
    row.save(update_fields=["state", "voided_at", "voided_by", "void_reason"])
    found = BEARERS.get(row.owner_label)
    if found and row.owner_id:
        found.lost(actor, row.owner_id, row.number)
    audit.record(actor, "papers.void_number", row, number=row.number)
    return row


def _locked(actor: Actor, series: DocSeries) -> DocSeries:
    held = DocSeries.objects.select_for_update().get(pk=series.pk)
    access.require(actor, "papers.number", held)
    if held.purpose != DocSeries.Purpose.DOCUMENT:
        raise Fault("证书编号随证书签发自动取用，不能在这里取号。", "series")
    if not held.active:
        raise Fault(_("编号系列“%(mark)s”已停用，请选择别的系列。") % {"mark": held.mark}, "series")
    return held


def _held_by(entry: Entry) -> DocNumber | None:
    return number_of(*entry.owner) if entry.owner else None


def _take(
    actor: Actor, series: DocSeries, place: tuple[int, int], entry: Entry, *, state: str, origin: str, told: bool = True
) -> DocNumber:  # fmt: skip
    title = " ".join(entry.title.split())[:200]
    if not title:
        raise Fault("请填写文件标题。", "title")
    label, owner_id = entry.owner or ("", None)
    try:
        with transaction.atomic():
            taken = DocNumber.objects.create(
                school_id=series.school_id, series=series, year=place[0], seq=place[1],
                number=numbering.number(series.pattern, series.mark, *place), state=state, origin=origin, title=title,
                form=entry.form, day=entry.day, owner_label=label, owner_id=owner_id, taken_at=timezone.now(),
                taken_by=actor.person_id,
            )  # fmt: skip
    except IntegrityError as twice:
        raise Conflict("这个号刚刚被别人取用，请再取一次。") from twice
    if told:
        audit.record(actor, "papers.number", taken, number=taken.number)
    return taken


def _use(actor: Actor, reserved: DocNumber, entry: Entry) -> DocNumber:
    reserved.state, reserved.title = State.USED, " ".join(entry.title.split())[:200] or reserved.title
    reserved.form, reserved.day = entry.form, entry.day
    reserved.owner_label, reserved.owner_id = entry.owner or ("", None)
    reserved.save(update_fields=["state", "title", "form", "day", "owner_label", "owner_id"])
    audit.record(actor, "papers.number", reserved, number=reserved.number)
    return reserved


@dataclass(frozen=True)
class Gap:
    """Numbers of a series and year that nobody took (空号), as runs of first and last."""

    series: DocSeries
    year: int
    runs: tuple[tuple[int, int], ...]

    @property
    def words(self) -> str:
        """3、5—7."""
        return "、".join(str(a) if a == b else f"{a}—{b}" for a, b in self.runs)

    @property
    def count(self) -> int:
        """How many numbers are missing."""
        return sum(b - a + 1 for a, b in self.runs)


def gaps(series: Iterable[DocSeries]) -> list[Gap]:
    """The gaps of the series, newest year first, in two queries."""
    by_key = {row.pk: row for row in series}
    taken: dict[tuple[int, int], set[int]] = {}
    rows = DocNumber.objects.filter(series_id__in=by_key).order_by()
    for series_id, year, seq in rows.values_list("series_id", "year", "seq"):
        taken.setdefault((series_id, year), set()).add(seq)
    found = []
    for counter in SeriesYear.objects.filter(series_id__in=by_key).order_by("-year", "series_id"):
        runs = _runs(counter.first or 1, counter.last, taken.get((counter.series_id, counter.year), set()))
        if runs:
            found.append(Gap(by_key[counter.series_id], counter.year, runs))
    return found


def _runs(first: int, last: int, taken: set[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    edge = first
    for seq in (*sorted(one for one in taken if first <= one <= last), last + 1):
        if seq > edge:
            runs.append((edge, seq - 1))
        edge = seq + 1
    return tuple(runs)


@transaction.atomic
def keep_series(
    actor: Actor,
    *,
    series: DocSeries | None,
    mark: str,
    pattern: str,
    drawers: Iterable[str],
    active: bool = True,
) -> DocSeries:
    """Open a document series or change one. A mark or pattern that gave a number stays as it is.

    Raises Fault naming the field: a pattern that repeats numbers, a mark in use, nobody who may draw.
    """
    access.require(actor, "papers.series", series)
    mark, pattern, chosen = "".join(mark.split()), pattern.strip(), sorted(set(drawers) & set(MAY_DRAW))
    _check_series(actor, series, mark, pattern, chosen)
    row = series or DocSeries(school_id=actor.school_id or 0, purpose=DocSeries.Purpose.DOCUMENT)
    row.mark, row.pattern, row.active = mark, pattern, active
    row.drawers = chosen
    row.key = (
        row.key
        or f"doc-{DocSeries.objects.filter(school_id=row.school_id).count() + 1}-{mark.encode().hex()[-8:]}"
    )
    row.save()
    audit.record(actor, "papers.series", row, mark=mark)
    return row


def _check_series(
    actor: Actor, series: DocSeries | None, mark: str, pattern: str, drawers: list[str]
) -> None:
    fault = numbering.pattern_fault(pattern)
    if fault:
        raise Fault(fault, "pattern")
    if not mark:
        raise Fault("请填写代字，如“粤科协组”。", "mark")
    if not drawers:
        raise Fault("请至少选择一种可以取号的身份。", "drawers")
    same = DocSeries.objects.filter(school_id=actor.school_id or 0, mark=mark, pattern=pattern)
    if same.exclude(pk=series.pk if series else 0).exists():
        raise Fault(_("代字“%(mark)s”已有同样式样的编号系列。") % {"mark": mark}, "mark")
    if series and (series.mark, series.pattern) != (mark, pattern) and _has_numbers(series):
        raise Fault("这个系列已经取过号，代字和式样不能再改；请停用后另建系列。", "mark")


def _has_numbers(series: DocSeries) -> bool:
    return series.numbers.exists() or IssuedPaper.objects.filter(series=series).exists()


@transaction.atomic
def set_next(actor: Actor, *, series: DocSeries, year: int, following: int) -> None:
    """Say which number comes next in a year; the counter only runs forward, what is left out is a gap.

    In a year of which no number is taken yet the series begins there, and what came before is no gap.
    """
    held = DocSeries.objects.select_for_update().get(pk=series.pk)
    access.require(actor, "papers.series", held)
    counter, _made = SeriesYear.objects.select_for_update().get_or_create(series=held, year=year)
    if following - 1 < counter.last:
        raise Fault(
            _("%(year)s 年已取到第 %(last)s 号，下一个号不能小于 %(next)s。")
            % {"year": year, "last": counter.last, "next": counter.last + 1},
            "following",
        )
    changes = {"last": following - 1}
    papers = IssuedPaper.objects.filter(series=held, year=year)
    if not held.numbers.filter(year=year).exists() and not papers.exists():
        changes["first"] = following
    SeriesYear.objects.filter(pk=counter.pk).update(**changes)
    audit.record(actor, "papers.series", held, mark=held.mark, year=year, following=following)


@transaction.atomic
def save_series(
    actor: Actor,
    *,
    series: DocSeries | None,
    mark: str,
    pattern: str,
    drawers: Iterable[str],
    active: bool,
    year: int,
    following: int | None,
) -> DocSeries:
    """Open or change a series and, where `following` is given, say which number comes next in the year."""
    row = keep_series(actor, series=series, mark=mark, pattern=pattern, drawers=drawers, active=active)
    if following:
        set_next(actor, series=row, year=year, following=following)
    return row


def series_for(actor: Actor) -> QuerySet[DocSeries]:
    """The document series the actor may draw from."""
    rows = access.visible(actor, DocSeries).filter(purpose=DocSeries.Purpose.DOCUMENT, active=True)
    mine = [row.pk for row in rows if access.can(actor, "papers.number", row)]
    return rows.filter(pk__in=mine).order_by("pk")
