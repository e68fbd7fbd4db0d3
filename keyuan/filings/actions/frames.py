"""The province sets the frame: what is asked of whom by when, what is shown as an example, who is which sub-school."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.filings.flows import FRAME
from keyuan.filings.models import Demonstration, Filing, Frame, FrameType, SubSchool
from keyuan.filings.queries.people import receivers
from keyuan.kernel import audit, bulk, notify, search
from keyuan.kernel.access import Actor, require, visible
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation, School
from keyuan.plan.models import ActivityType, KeyActivity
from keyuan.training.models import TrainingClass

audit.sentence("filings.frame_saved", "保存了统筹要求：{thing}")
audit.sentence("filings.units_added", "补入了 {count} 个报送单位：{thing}")
audit.sentence("filings.demonstrated", "列为示范班：{thing}")
audit.sentence("filings.demonstration_withdrawn", "取消了示范班：{thing}")
audit.sentence("filings.school_linked", "指定了分校对应的单位：{thing}")
audit.sentence("filings.school_unlinked", "取消了分校与单位的对应：{thing}")


@dataclass(frozen=True)
class FrameFacts:
    """What a frame says."""

    year: int
    title: str
    asked: str
    plan_by: date
    result_by: date
    kinds: Sequence[str]
    types: Sequence[str]
    distances: Sequence[int] = (14, 7, 3, 1)


@transaction.atomic
def save_frame(actor: Actor, *, facts: FrameFacts, frame: Frame | None = None) -> Frame:
    """Draft a frame, or change it: after issue too, for deadlines are put off; what units entered stays.

    Raises Fault for a type that is in use and would go, a kind of unit that already files, a title used twice.
    """
    require(actor, "filings.frame", frame)
    names = [name for name in dict.fromkeys(" ".join(one.split())[:120] for one in facts.types) if name]
    if not names or not facts.kinds:
        raise Fault(_("请至少写明一个活动类型，并选定报送单位。"), "types" if not names else "kinds")
    if facts.result_by <= facts.plan_by:
        raise Fault(_("总结截止应晚于计划截止。"), "result_by")
    if frame is None:
        frame = Frame(school_id=actor.school_id or 0)
    else:
        frame = Frame.objects.select_for_update().get(pk=frame.pk)
        _keeps_kinds(frame, facts.kinds)
    frame.year, frame.title, frame.asked = facts.year, facts.title.strip(), facts.asked.strip()
    frame.plan_by, frame.result_by = facts.plan_by, facts.result_by
    frame.kinds, frame.distances = list(facts.kinds), list(facts.distances)
    try:
        with transaction.atomic():
            frame.save()
    except IntegrityError as clash:
        raise Fault(_("本年度已有同名的统筹要求，请换一个标题。"), "title") from clash
    _set_types(frame, names)
    search.refresh(frame)
    audit.record(actor, "filings.frame_saved", frame, year=frame.year)
    if frame.state == Frame.State.ISSUED:
        add_units(actor, frame=frame)
    return frame


def _keeps_kinds(frame: Frame, kinds: Sequence[str]) -> None:
    gone = set(frame.kinds) - set(kinds)
    if gone and Filing.objects.filter(frame=frame, organisation__kind__in=gone).exists():
        raise Fault(_("这类单位已在报送，不能去掉；个别单位可办免报。"), "kinds")


def _set_types(frame: Frame, names: Sequence[str]) -> None:
    gone = frame.types.exclude(name__in=names)
    used = gone.filter(lines__isnull=False).first() or gone.filter(outcomes__isnull=False).first()
    if used is not None:
        raise Fault(_("类型“%(name)s”已有单位填用，不能去掉。") % {"name": used.name}, "types")
    gone.delete()
    for order, name in enumerate(names, 1):
        FrameType.objects.update_or_create(frame=frame, name=name, defaults={"order": order})


def types_of_plan(actor: Actor, year: int) -> list[str]:
    """The types of the year's plan, to begin a frame with."""
    rows = visible(actor, ActivityType).filter(plan__year=year, plan__school_id=actor.school_id or 0)
    return list(rows.order_by("order").values_list("name", flat=True))


def asked_units(frame: Frame) -> QuerySet[Organisation]:
    """The organisations in use of the kinds that are asked; the academy itself is not."""
    rows = Organisation.objects.filter(school_id=frame.school_id, active=True, kind__in=frame.kinds)
    return rows.exclude(name__startswith=frame.school.name).order_by("kind", "order", "pk")


@transaction.atomic
def move_frame(actor: Actor, *, frame: Frame, move: str) -> None:
    """Issue, close or open again. Issuing makes a filing for each unit asked and tells whoever can be told."""
    if move == "issue":
        require(actor, "filings.frame", frame)
        Frame.objects.filter(pk=frame.pk, issued_at=None).update(issued_at=timezone.now())
    FRAME.move(frame, move, actor=actor)
    if move == "issue":
        add_units(actor, frame=frame)


@transaction.atomic
def add_units(actor: Actor, *, frame: Frame) -> int:
    """A filing for each unit asked that has none yet, and word to its liaisons; how many there were."""
    require(actor, "filings.frame", frame)
    locked = Frame.objects.select_for_update().select_related("school").get(pk=frame.pk)
    if locked.state != Frame.State.ISSUED:
        raise Conflict(_("统筹要求下发后才能补入单位。"))
    have = Filing.objects.filter(frame=locked).values("organisation_id")
    rows = [Filing(frame=locked, organisation=unit) for unit in asked_units(locked).exclude(pk__in=have)]
    bulk.insert(rows)
    if rows:
        _tell_issued(locked, rows)
        audit.record(actor, "filings.units_added", locked, count=len(rows))
    return len(rows)


def _tell_issued(frame: Frame, rows: Sequence[Filing]) -> None:
    people = [person for told in receivers(rows).values() for person in told]
    notify.tell(
        people, "filings.issued", "/filings/", school_id=frame.school_id, frame=frame.title,
        plan_by=frame.plan_by, result_by=frame.result_by,
    )  # fmt: skip


@transaction.atomic
def demonstrate(
    actor: Actor, *, frame: Frame, note: str = "", activity: KeyActivity | None = None,
    training_class: TrainingClass | None = None,
) -> Demonstration:  # fmt: skip
    """Name an activity or a class of the own school as an example. Raises Fault when it is one already."""
    require(actor, "filings.frame", frame)
    if (activity is None) == (training_class is None):
        raise Fault(_("请选择一项重点活动或一个班次。"), "thing")
    thing: Any = activity.plan if activity else training_class
    if thing.school_id != frame.school_id:
        raise Fault(_("只能选本校的活动或班次。"), "thing")
    try:
        with transaction.atomic():
            made = Demonstration.objects.create(
                frame=frame, activity=activity, training_class=training_class, note=note.strip()[:200]
            )
    except IntegrityError as clash:
        raise Fault(_("已经列为示范班。"), "thing") from clash
    audit.record(actor, "filings.demonstrated", made, frame=frame.pk)
    return made


@transaction.atomic
def withdraw_demonstration(actor: Actor, *, demonstration: Demonstration) -> None:
    """No longer an example; lines that name it keep naming it. Again changes nothing."""
    require(actor, "filings.frame", demonstration.frame)
    rows = Demonstration.objects.filter(pk=demonstration.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        audit.record(actor, "filings.demonstration_withdrawn", demonstration, frame=demonstration.frame_id)


@transaction.atomic
def link_school(actor: Actor, *, school: School, organisation: Organisation | None) -> None:
    """Say which unit of the own list a sub-school is; its registrars then file for it. None takes it back."""
    require(actor, "filings.frame", organisation)
    if school.parent_id != actor.school_id:
        raise Fault(_("只能指定本校下属分校。"), "organisation")
    SubSchool.objects.filter(school=school).delete()
    if organisation is None:
        audit.record(actor, "filings.school_unlinked", school)
        return
    try:
        with transaction.atomic():
            made = SubSchool.objects.create(school=school, organisation=organisation)
    except IntegrityError as clash:
        raise Fault(_("这个单位已对应另一所分校。"), "organisation") from clash
    audit.record(actor, "filings.school_linked", made, school=school.pk, organisation=organisation.pk)


def kinds_that_file() -> Iterable[tuple[str, str]]:
    """The kinds of organisation that can be asked."""
    kinds = Organisation.Kind
    return [
        (kind.value, str(kind.label))
        for kind in (kinds.SOCIETY, kinds.CITY_ASSOCIATION, kinds.SCHOOL, kinds.AFFILIATE)
    ]
