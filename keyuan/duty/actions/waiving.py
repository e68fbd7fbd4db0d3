"""A duty waived by the office, and the waiver taken back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.actions.writing import locked, standing_proof
from keyuan.duty.models import Duty, Exemption
from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault


@transaction.atomic
def waive(actor: Actor, *, duty: Duty, reason: str) -> Exemption:
    """Free a term of a duty, with the reason; nobody frees oneself. Conflict where it is done or waived already."""
    one = locked(actor, duty, "duty.keep")
    if not reason.strip():
        raise Fault(_("请写明免除理由。"), "reason")
    if actor.person_id is not None and actor.person_id == one.term.holder_id:
        raise Fault(_("不能免除本人的职责，请由他人办理。"))
    if standing_proof(one) is not None:
        raise Conflict(_("这项职责已经完成，无需免除。"))
    if Exemption.objects.filter(duty=one, revoked_at=None).exists():
        raise Conflict(_("这项职责已经免除。"))
    made = Exemption.objects.create(duty=one, reason=reason.strip()[:200], by_id=actor.person_id)
    audit.record(actor, "duty.waived", one, exemption=made.pk)
    return made


@transaction.atomic
def revoke(actor: Actor, *, duty: Duty, reason: str) -> Exemption:
    """Take a waiver back with a reason: the duty stands as if it had never been waived."""
    one = locked(actor, duty, "duty.keep")
    held = Exemption.objects.filter(duty=one, revoked_at=None).first()
    if held is None:
        raise Conflict(_("这项职责没有免除，无需撤销。"))
    if not reason.strip():
        raise Fault(_("请写明撤销理由。"), "reason")
    held.revoked_at, held.revoked_by_id = timezone.now(), actor.person_id
    held.revoke_reason = reason.strip()[:200]
    held.save()
    audit.record(actor, "duty.waiver_revoked", one, exemption=held.pk)
    return held
