"""Certificates asked for, issued one by one in the background, revoked and issued anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.credits.actions import printing
from keyuan.credits.actions.ledger import reverse_many
from keyuan.credits.models import Certificate, CertificateTemplate
from keyuan.credits.queries.certificates import may_be_reissued
from keyuan.credits.queries.ledger import live_lots
from keyuan.credits.queries.templates import default_template, template_for
from keyuan.kernel import audit, erasure, jobs, notify, search
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Job

State = Certificate.State
ISSUE_JOB = "credits.issue_certificates"

audit.sentence("credits.request_certificates", "申请签发证书 {count} 本")
audit.sentence("credits.issue", "签发证书 {thing}")
audit.sentence("credits.revoke", "作废证书 {thing}")
audit.sentence(
    "credits.revoke_for", "作废证书 {revoked} 本，撤回待签发 {withdrawn} 本，冲销学时 {reversed} 笔"
)
audit.sentence("credits.reissue", "重发证书 {thing}")
notify.kind(
    "credits.certificate_issued",
    title="结业证书已签发",
    text="“{title}”结业证书（{number}）已签发，可在“我的学时与证书”中查看和下载。",
)
notify.kind(
    "credits.certificate_revoked",
    title="结业证书已作废",
    text="“{title}”结业证书（{number}）已作废，理由：{reason}。如有疑问请联系教务。",
)


@dataclass(frozen=True)
class CertificateFacts:
    """What one certificate will say (证书内容); `source` ties it to the hours it attests."""

    person_id: int
    name: str
    title: str
    hours: Decimal
    starts: date
    ends: date
    organisation: str = ""
    source: str = ""


@transaction.atomic
def request_certificates(
    actor: Actor,
    *,
    owner_label: str,
    owner_id: int,
    rows: Sequence[CertificateFacts],
    template: CertificateTemplate | None = None,
) -> Job:
    """Ask for certificates and start the job that issues them; who holds a live one already gets no second.

    Without a `template` they take the one the owner's took last, or the school's default.

    Asking again only adds whom the first time left out. Raises Forbidden, or Fault without rows or where the
    template is another school's or no longer in use (field "template").
    """
    require(actor, "credits.issue", actor.school_id)
    school_id = _school_of(actor)
    if not rows:
        raise Fault("没有可以签发证书的人员。")
    live = Certificate.objects.filter(owner_label=owner_label, owner_id=owner_id, state__in=Certificate.LIVE)
    held = set(live.select_for_update().values_list("person_id", flat=True))
    template = _usable(template, school_id) or template_for(school_id, owner_label, owner_id)
    lots = live_lots(row.source for row in rows if row.source)
    now = timezone.now()
    fresh = {row.person_id: row for row in rows if row.person_id not in held}
    Certificate.objects.bulk_create(
        Certificate(
            school_id=school_id, person_id=row.person_id, owner_label=owner_label, owner_id=owner_id,
            lot=lots.get(row.source), holder_name=row.name, organisation_name=row.organisation, title=row.title,
            hours=row.hours, starts=row.starts, ends=row.ends, requested_at=now, template=template,
        )
        for row in fresh.values()
    )  # fmt: skip
    audit.record(
        actor, "credits.request_certificates", None, count=len(fresh), owner=owner_label, owner_id=owner_id
    )
    return jobs.start(
        actor, ISSUE_JOB, school_id=_school_of(actor), owner_label=owner_label, owner_id=owner_id
    )


def _usable(template: CertificateTemplate | None, school_id: int) -> CertificateTemplate | None:
    if template is not None and (template.school_id != school_id or not template.active):
        raise Fault(_("模板“%(name)s”已停用，请另选一个模板。") % {"name": template.name}, "template")
    return template


def _school_of(actor: Actor) -> int:
    if actor.school_id is None:
        raise Fault("请先选择所在分校的身份，再办理证书。")
    return actor.school_id


@transaction.atomic
def issue_next(actor: Actor, *, owner_label: str, owner_id: int) -> Certificate | None:
    """Issue the next certificate that waits under the owner, or None when none does.

    Number, paper, state, audit line and message stand in one transaction: a process killed in the middle
    leaves no number behind, and whoever runs next goes on where it stopped. Rows that another worker holds
    are passed over.
    """
    require(actor, "credits.issue", actor.school_id)
    waiting = Certificate.objects.filter(
        school_id=_school_of(actor), owner_label=owner_label, owner_id=owner_id, state=State.REQUESTED
    )
    row = (
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("school", "person")
        .order_by("pk")
        .first()
    )
    if row is None:
        return None
    paper = printing.issue(actor, row)
    row.state, row.paper_id, row.number, row.issued_at = State.ISSUED, paper.pk, paper.number, timezone.now()
    row.save(update_fields=["state", "paper_id", "number", "issued_at"])
    audit.record(actor, "credits.issue", row, number=row.number)
    search.refresh(row)
    _tell(row, "credits.certificate_issued")
    return row


def _tell(row: Certificate, kind: str, reason: str = "") -> None:
    link = reverse("credits:certificate", args=[row.pk])
    notify.tell(
        row.person_id, kind, link, school_id=row.school_id, about=row.person_id, title=row.title,
        number=row.number, reason=reason,
    )  # fmt: skip


@transaction.atomic
def revoke(actor: Actor, *, certificate: Certificate, reason: str) -> None:
    """Revoke an issued certificate; its number is never used again. Revoking again changes nothing.

    Raises Forbidden, or Fault without a reason, or Conflict when it was never issued.
    """
    row = Certificate.objects.select_for_update().get(pk=certificate.pk)
    require(actor, "credits.revoke", row)
    if not reason.strip():
        raise Fault("请写明作废理由。", "reason")
    if row.state in (State.REQUESTED, State.WITHDRAWN):
        raise Conflict("这本证书还没有签发，不能作废。")
    if row.state == State.ISSUED:
        _revoke(actor, row, reason.strip()[:200])
        audit.record(actor, "credits.revoke", row, number=row.number)
    certificate.refresh_from_db()


def _revoke(actor: Actor, row: Certificate, reason: str) -> None:
    printing.revoke(actor, row, reason)
    row.state, row.ended_at, row.reason = State.REVOKED, timezone.now(), reason
    row.save(update_fields=["state", "ended_at", "reason"])
    _tell(row, "credits.certificate_revoked", reason=reason)


@transaction.atomic
def revoke_for(
    actor: Actor, *, owner_label: str, owner_id: int, reason: str, sources: Iterable[str] = ()
) -> int:
    """Undo what stands under an owner: certificates revoked, waiting ones withdrawn, hours of `sources` countered.

    Returns how many were revoked or withdrawn; doing so again changes nothing.
    """
    require(actor, "credits.revoke", actor.school_id)
    if not reason.strip():
        raise Fault("请写明理由。", "reason")
    live = Certificate.objects.select_for_update().filter(
        school_id=_school_of(actor), owner_label=owner_label, owner_id=owner_id, state__in=Certificate.LIVE
    )
    revoked = withdrawn = 0
    for row in live.order_by("pk"):
        if row.state == State.ISSUED:
            _revoke(actor, row, reason.strip()[:200])
            revoked += 1
        else:
            row.state, row.ended_at, row.reason = State.WITHDRAWN, timezone.now(), reason.strip()[:200]
            row.save(update_fields=["state", "ended_at", "reason"])
            withdrawn += 1
    sources = list(sources)
    countered = len(reverse_many(actor, sources=sources, reason=reason)) if sources else 0
    if revoked or withdrawn or countered:
        audit.record(
            actor, "credits.revoke_for", None, owner=owner_label, owner_id=owner_id, revoked=revoked,
            withdrawn=withdrawn, reversed=countered,
        )  # fmt: skip
    return revoked + withdrawn


@transaction.atomic
def reissue(actor: Actor, *, certificate: Certificate) -> Certificate:
    """Ask for a new certificate, with a new number, in place of a revoked one; a second click gets the first's.

    The name is the person's of today: a misspelt name is the commonest reason to reissue.

    Raises Forbidden, or Conflict when it still stands or its holder has another live one.
    """
    old = Certificate.objects.select_for_update(of=("self",)).select_related("person").get(pk=certificate.pk)
    require(actor, "credits.issue", old)
    done = Certificate.objects.filter(supersedes=old).first()
    if done is not None:
        return done
    if not may_be_reissued(old):
        raise Conflict("这本证书仍然有效，或者持证人已另有有效证书，不需要重发。")
    fresh = Certificate.objects.create(
        school_id=old.school_id, person_id=old.person_id, owner_label=old.owner_label, owner_id=old.owner_id,
        lot_id=old.lot_id, holder_name=old.person.name, organisation_name=old.organisation_name, title=old.title,
        hours=old.hours, starts=old.starts, ends=old.ends, supersedes=old, requested_at=timezone.now(),
        template=old.template or default_template(old.school_id),
    )  # fmt: skip
    audit.record(actor, "credits.reissue", fresh, old=old.number)
    jobs.start(
        actor, ISSUE_JOB, school_id=fresh.school_id, owner_label=fresh.owner_label, owner_id=fresh.owner_id
    )
    return fresh


@erasure.eraser
def forget(person_id: int) -> None:
    """Take the holder's name and unit off the register; number, title and hours stay, as the ledger does."""
    Certificate.objects.filter(person_id=person_id).update(
        holder_name="（已注销）", organisation_name="", reason=""
    )
