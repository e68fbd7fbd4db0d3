"""Corrections of marks with a reason, and the telephone numbers of those who are not here yet."""

from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.flows import changed
from keyuan.attendance.models import CheckIn, Expected, Sitting
from keyuan.attendance.queries import board
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person
from keyuan.people.queries import phone_of

Correction = Literal["present", "late", "absent", "undo"]

audit.sentence("attendance.corrected", "更正考勤：{thing}")
audit.sentence("attendance.phone_seen", "为签到查看了{thing}的手机号")


@transaction.atomic
def correct(actor: Actor, *, expected: Expected, to: Correction, reason: str) -> bool:
    """Change one person's mark with a reason that stays beside it; answers whether anything changed.

    A known arrival keeps its time; where none is known the start of the sitting stands for it.
    """
    require(actor, "attendance.correct", expected)
    if not reason.strip():
        raise Fault(_("请写明更正的理由。"), "reason")
    row = Expected.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=expected.pk)
    if row.sitting.state != Sitting.State.PLANNED:
        raise Fault(_("“%(title)s”已取消，不必更正。") % {"title": row.sitting.title})
    found = CheckIn.objects.filter(expected=row).first()
    before, after = (found.verdict if found else ""), ("" if to == "undo" else to)
    if before == after:
        return False
    at = found.at if found and before != CheckIn.Verdict.ABSENT else row.sitting.starts
    CheckIn.objects.filter(expected=row).delete()
    if after:
        how = found.how if found else CheckIn.How.LIST
        CheckIn.objects.create(
            expected=row, verdict=after, at=at, recorded=timezone.now(), how=how, by_id=actor.person_id
        )
    changed(row, before, after, by=actor.person_id, reason=reason.strip())
    audit.record(
        actor, "attendance.corrected", row.sitting, person=row.person_id, before=before, after=after or "none"
    )
    return True


@transaction.atomic
def phones_of_missing(actor: Actor, *, sitting: Sitting) -> dict[int, str]:
    """Telephone numbers of those not here yet, by person id; each look is written down, person by person.

    Forbidden to all but who keeps the sitting, and before and after it.
    """
    require(actor, "attendance.call", sitting)
    ids = [line.person_id for line in board(actor, sitting).missing]
    people = list(Person.objects.filter(pk__in=ids).order_by("pinyin", "pk"))
    numbers = {person.pk: phone_of(person) for person in people}
    seen = [(person, {"sitting": sitting.pk}) for person in people if numbers[person.pk]]
    audit.record_many(actor, "attendance.phone_seen", seen)
    return numbers
