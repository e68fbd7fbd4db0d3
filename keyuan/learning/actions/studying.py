"""Taking up a course, and saying that an item is done."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.learning.models import Done, Edition, Enrolment, Item

audit.sentence("learning.enrolled", "选学网络课程：{thing}")
audit.sentence("learning.item.done", "学完一项：{thing}")


@transaction.atomic
def enrol(actor: Actor, *, edition: Edition) -> Enrolment:
    """Take up a published edition; again changes nothing. Raises Conflict for one not published."""
    held = Edition.objects.select_for_update(of=("self",)).select_related("course").get(pk=edition.pk)
    require(actor, "learning.learn", held)
    known = Enrolment.objects.filter(edition=held, person_id=actor.person_id or 0).first()
    if known is not None:
        return known
    if held.state != Edition.State.PUBLISHED:
        raise Conflict(_("这一版没有发布或已下架，不能选学。"))
    row = Enrolment.objects.create(edition=held, person_id=actor.person_id or 0)
    audit.record(actor, "learning.enrolled", row)
    return row


@transaction.atomic
def finish(actor: Actor, *, item: Item) -> Enrolment:
    """Note an item as done, and the course with its last one; again changes nothing. Raises Fault without enrolment."""
    edition = item.unit.edition
    require(actor, "learning.learn", edition)
    row = (
        Enrolment.objects.select_for_update().filter(edition=edition, person_id=actor.person_id or 0).first()
    )
    if row is None:
        raise Fault(_("请先选学这门课程。"))
    _made, new = Done.objects.get_or_create(enrolment=row, item=item)
    if new:
        audit.record(actor, "learning.item.done", item, enrolment=row.pk)
    left = Item.objects.filter(unit__edition=edition).exclude(done__enrolment=row)
    if row.finished_at is None and not left.exists():
        row.finished_at = timezone.now()
        Enrolment.objects.filter(pk=row.pk).update(finished_at=row.finished_at)
    return row
