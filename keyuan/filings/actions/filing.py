"""What a unit enters: planned activities, what was held, and what a sub-school takes over from its own plan."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.models import (
    OWED,
    Cohort,
    Demonstration,
    Filing,
    Frame,
    FrameType,
    Line,
    Outcome,
    Part,
)
from keyuan.filings.queries.own import untaken
from keyuan.filings.queries.people import phone_bound, phone_of
from keyuan.kernel import audit, cipher
from keyuan.kernel.access import Actor, require
from keyuan.kernel.codes import normal_phone
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models.batches import Batch
from keyuan.plan.models import KeyActivity

audit.sentence("filings.line_saved", "填写了计划活动：{thing}")
audit.sentence("filings.line_withdrawn", "删去了计划活动：{thing}")
audit.sentence("filings.outcome_saved", "填写了活动结果：{thing}")
audit.sentence("filings.outcome_withdrawn", "删去了活动结果：{thing}")
audit.sentence("filings.taken_over", "从本校年度计划带入 {count} 项活动：{thing}")
audit.sentence("filings.import_undone", "撤销了导入的 {count} 行：{thing}")
audit.sentence("filings.phone_shown", "查看了联系电话：{thing}")

LINE_FIELDS = (
    "name", "type", "month", "days", "people", "cohort", "budget", "contact_name", "activity", "follows",
)  # fmt: skip
cipher.sealed(Line, "phone_sealed", phone_bound, index=("phone_index", "phone"))


@dataclass(frozen=True)
class LineFacts:
    """A planned activity as entered."""

    name: str
    type: FrameType
    month: int | None = None
    days: Decimal | None = None
    people: int | None = None
    cohort: str = Cohort.CADRE.value
    budget: Decimal | None = None
    contact_name: str = ""
    contact_phone: str = ""
    activity: KeyActivity | None = None
    follows: Demonstration | None = None


@dataclass(frozen=True)
class OutcomeFacts:
    """What was held, as entered."""

    name: str
    type: FrameType
    held_on: date
    hours: Decimal
    cadre: int = 0
    leading_talent: int = 0
    overseas_talent: int = 0
    other: int = 0
    summary: str = ""
    line: Line | None = None


def opened(actor: Actor, filing: Filing, part: str) -> Filing:
    """Ask the right, and lock the filing: it has one writer at a time, and only while it is with the unit."""
    require(actor, "filings.file", filing)
    locked = Filing.objects.select_for_update().select_related("frame", "organisation").get(pk=filing.pk)
    if locked.frame.state != Frame.State.ISSUED:
        raise Conflict(_("这项统筹要求不在报送期内，不能填报。请联系教务。"))
    if locked.state(part) not in OWED:
        raise Conflict(_("已经报送，不能直接改。请先“撤回”，或写明原因“更正”。"))
    return locked


def _stands(filing: Filing, row: Line | Outcome) -> bool:
    """Whether a row is the filing's and nobody took it out meanwhile, as stored."""
    rows: Any = type(row)._default_manager.filter(pk=row.pk, filing=filing, withdrawn_at=None)
    return bool(rows.exists())


def _of_frame(filing: Filing, *things: Any) -> None:
    for thing in things:
        if thing is not None and thing.frame_id != filing.frame_id:
            raise Fault(_("所选类型或示范班不属于这项统筹要求。"), "type")


@transaction.atomic
def save_line(actor: Actor, *, filing: Filing, facts: LineFacts, line: Line | None = None) -> Line:
    """Enter a planned activity or change it; the phone is sealed. Raises Fault when the month has one of the name."""
    locked = opened(actor, filing, Part.PLAN)
    _of_frame(locked, facts.type, facts.follows)
    if facts.activity is not None and facts.activity.plan.school_id != locked.frame.school_id:
        raise Fault(_("请选择省级年度计划中的活动。"), "activity")
    saved = line or Line(filing=locked, key=uuid.uuid4())
    if line is not None and not _stands(locked, line):
        raise Conflict(_("这一项已被删去，请刷新后再看。"))
    number = normal_phone(facts.contact_phone)
    if facts.contact_phone and not number:
        raise Fault(_("读不出联系电话，请填写 11 位手机号或带区号的座机。"), "contact_phone")
    for name in LINE_FIELDS:
        setattr(saved, name, getattr(facts, name))
    saved.phone_sealed = cipher.seal(number, phone_bound(saved)) if number else ""
    saved.phone_index = cipher.blind_index("phone", number)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as clash:
        raise Fault(_("这个月已有同名活动，请改名称或月份（如加“第 2 期”）。"), "name") from clash
    audit.record(actor, "filings.line_saved", saved, filing=locked.pk)
    return saved


@transaction.atomic
def save_outcome(
    actor: Actor, *, filing: Filing, facts: OutcomeFacts, outcome: Outcome | None = None
) -> Outcome:
    """Enter what was held or change it. Raises Fault for nobody there, another year, a double, another's line."""
    locked = opened(actor, filing, Part.RESULT)
    _of_frame(locked, facts.type)
    if facts.line is not None and not _stands(locked, facts.line):
        raise Fault(_("对应的计划活动不在本单位的计划里。"), "line")
    if facts.held_on.year != locked.frame.year:
        raise Fault(_("举办日期应在 %(year)s 年内。") % {"year": locked.frame.year}, "held_on")
    if facts.held_on > timezone.localdate():
        raise Fault(_("举办日期晚于今天：办完后再填。"), "held_on")
    if not facts.cadre + facts.leading_talent + facts.overseas_talent + facts.other:
        raise Fault(_("请填写参加人数，至少一类大于 0。"), "cadre")
    saved = outcome or Outcome(filing=locked)
    if outcome is not None and not _stands(locked, outcome):
        raise Conflict(_("这一项已被删去，请刷新后再看。"))
    for name in OutcomeFacts.__dataclass_fields__:
        setattr(saved, name, getattr(facts, name))
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as clash:
        raise Fault(_("这一天已有同名活动，请核对是否重复。"), "name") from clash
    audit.record(actor, "filings.outcome_saved", saved, filing=locked.pk)
    return saved


@transaction.atomic
def withdraw_line(actor: Actor, *, line: Line) -> None:
    """Take a planned activity out; the row stays, marked. Refused while something held names it."""
    opened(actor, line.filing, Part.PLAN)
    if Outcome.objects.filter(line=line, withdrawn_at=None).exists():
        raise Fault(_("已有结果对应这项计划，请先改结果。"))
    if Line.objects.filter(pk=line.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        audit.record(actor, "filings.line_withdrawn", line, filing=line.filing_id)


@transaction.atomic
def withdraw_outcome(actor: Actor, *, outcome: Outcome) -> None:
    """Take a result out; the row stays, marked."""
    opened(actor, outcome.filing, Part.RESULT)
    if Outcome.objects.filter(pk=outcome.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        audit.record(actor, "filings.outcome_withdrawn", outcome, filing=outcome.filing_id)


@transaction.atomic
def take_over(actor: Actor, *, filing: Filing) -> int:
    """A sub-school's plan becomes lines: every activity of its year that is not one yet; how many there were.

    Month, days and people come from the classes held under it; without any they stay open until filled in.
    """
    locked = opened(actor, filing, Part.PLAN)
    found = untaken(locked)
    rows = [
        Line(
            key=uuid.uuid4(), filing=locked, type=one.type, name=one.name, month=one.month, days=one.days,
            people=one.people, source_id=one.activity_id,
        )
        for one in found
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Line.objects.bulk_create(rows)
    except IntegrityError as clash:
        raise Conflict(_("计划里已有同名同月的活动，请先改名称或月份，再带入。")) from clash
    if rows:
        audit.record(actor, "filings.taken_over", locked, count=len(rows))
    return len(rows)


@transaction.atomic
def undo_import(actor: Actor, *, filing: Filing, batch: Batch, part: str) -> int:
    """Take out what a sheet brought in and what nobody took out since; how many rows. Again takes out nothing."""
    locked = opened(actor, filing, part)
    made = batch.rows.filter(state="applied").values("result_id")
    model: Any = Line if part == Part.PLAN else Outcome
    rows = model.objects.filter(filing=locked, withdrawn_at=None, pk__in=made)
    if part == Part.PLAN and Outcome.objects.filter(line__in=rows, withdrawn_at=None).exists():
        raise Fault(_("这次导入的计划已有对应的结果，不能整批撤销。"))
    count: int = rows.update(withdrawn_at=timezone.now())
    if count:
        audit.record(actor, "filings.import_undone", locked, count=count, batch=batch.pk)
    return count


@transaction.atomic
def show_phone(actor: Actor, *, line: Line) -> str:
    """The whole number of a line's contact; the look is written down."""
    require(actor, "filings.reveal", line.filing)
    audit.record(actor, "filings.phone_shown", line, filing=line.filing_id)
    return phone_of(line)


def prefill(line: Line) -> Mapping[str, Any]:
    """What a form of an existing line begins with, whole phone included; for whoever may file it."""
    return {name: getattr(line, name) for name in LINE_FIELDS} | {"contact_phone": phone_of(line)}
