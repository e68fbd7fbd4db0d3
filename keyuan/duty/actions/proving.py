"""Proofs: read from attendance and timetables again and again, or accepted by the office; undone by counter-entries only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.actions.writing import locked, standing_proof, told
from keyuan.duty.models import Duty, DutyClaim, Kind, Proof, Reversal
from keyuan.duty.queries.evidence import Evidence, of_kind
from keyuan.kernel import audit, files, notify
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import School
from keyuan.people.queries import holders_of
from keyuan.people.roles import Role
from keyuan.terms.models import Term

OWNER = "duty.DutyClaim"
READ = (Proof.How.ATTENDANCE, Proof.How.TIMETABLE)
CORRECTED = "考勤、课程表或计入规定更正后不再符合"


def _within(term: Term, day: date) -> bool:
    return term.starts <= day and (term.ends is None or day <= term.ends)


def _put(actor: Actor, duty: Duty, facts: Mapping[str, Any]) -> Proof:
    proof = Proof.objects.create(duty=duty, by_id=actor.person_id, **facts)
    audit.record(actor, "duty.proven", duty, proof=proof.pk, how=proof.how)
    told(duty, "duty.proven", title=proof.title, day=proof.held_on)
    return proof


def _fell(actor: Actor, duty: Duty, proof: Proof, reason: str) -> Reversal:
    """The counter-entry: the proof stays beside it; the holder and the registrars are told."""
    Proof.objects.filter(pk=proof.pk).update(standing=False)
    made = Reversal.objects.create(proof=proof, reason=reason[:200], by_id=actor.person_id)
    audit.record(actor, "duty.reversed", duty, proof=proof.pk)
    holder = duty.term.holder
    notify.tell(
        [duty.term.holder_id or 0, *holders_of(Role.REGISTRAR, duty.school_id)], "duty.reversed",
        f"/duties/people/{duty.term.holder_id}/", school_id=duty.school_id, about=duty.term.holder_id,
        name=holder.name if holder else "", unit=duty.term.organisation.name, duty=str(duty), title=proof.title,
        reason=reason,
    )  # fmt: skip
    return made


def recompute(actor: Actor, *, school: School, on: date, person_id: int | None = None) -> tuple[int, int]:
    """Prove what attendance and timetables show, and reverse what they show no more: (proven, reversed).

    Repeating changes nothing. A proof accepted by hand or brought by an event is never touched.
    """
    require(actor, "duty.keep", Duty(school=school))
    rows = Duty.objects.filter(school=school, term__withdrawn_at=None, term__starts__lte=on)
    rows = rows.filter(term__holder_id=person_id) if person_id is not None else rows
    proven = fallen = 0
    for kind in Kind.values:
        duties = list(rows.filter(kind=kind).select_related("term").order_by("pk"))
        people = {duty.term.holder_id for duty in duties if duty.term.holder_id}
        found = of_kind(kind, school, people, on)
        stands = {proof.duty_id: proof for proof in Proof.objects.filter(duty__in=duties, standing=True)}
        for duty in duties:
            options = [one for one in found.get(duty.term.holder_id or 0, ()) if _within(duty.term, one.day)]
            if _settled(stands.get(duty.pk), options):
                continue
            made, taken = _settle(actor, duty, options)
            proven, fallen = proven + made, fallen + taken
    return proven, fallen


def _settled(proof: Proof | None, options: list[Evidence]) -> bool:
    """Whether nothing is to be done: proven otherwise, still supported, or neither proven nor provable."""
    if proof is None:
        return not options
    return proof.how not in READ or any(
        one.source == (proof.training_class_id, proof.session_id) for one in options
    )


@transaction.atomic
def _settle(actor: Actor, duty: Duty, options: list[Evidence]) -> tuple[int, int]:
    one = locked(actor, duty, "duty.keep")
    proof = standing_proof(one)
    if _settled(proof, options):
        return 0, 0
    if proof is not None:
        _fell(actor, one, proof, CORRECTED)
    if not options:
        return 0, 1
    first = options[0]
    _put(
        actor, one,
        {
            "how": first.how, "training_class_id": first.class_id, "session_id": first.session_id,
            "title": first.title, "held_on": first.day,
        },
    )  # fmt: skip
    return 1, int(proof is not None)


def _fit(duty: Duty, title: str, held_on: date) -> None:
    if not title.strip():
        raise Fault(_("请填写活动或课程的名称。"), "title")
    if held_on > timezone.localdate():
        raise Fault(_("日期还没有到，办完以后再认定。"), "held_on")
    if not _within(duty.term, held_on):
        raise Fault(_("这一天不在任期内（%(a)s 至 %(b)s），不能计入。") % {
            "a": duty.term.starts.isoformat(), "b": str(duty.term.ends or _("今")),
        }, "held_on")  # fmt: skip
    if standing_proof(duty) is not None:
        raise Conflict(_("这项职责已有完成凭据，无需再次认定。"))


@transaction.atomic
def prove(
    actor: Actor, *, duty: Duty, title: str, held_on: date, event_id: int | None = None, note: str = "",
    place: str = "", evidence: UploadedFile | None = None,
) -> Proof:  # fmt: skip
    """The office proves a duty by hand, with a file where there is one, or by an event another room keeps.

    Raises Fault outside the term or before the day, Conflict where a proof stands.
    """
    one = locked(actor, duty, "duty.keep")
    _fit(one, title, held_on)
    facts: dict[str, Any] = {"title": title.strip()[:200], "held_on": held_on}
    if event_id is not None:
        return _put(actor, one, {**facts, "how": Proof.How.EVENT, "event_id": event_id})
    claim = _claimed(actor, one, (title, held_on, place, note), evidence, DutyClaim.State.ACCEPTED)
    return _put(actor, one, {**facts, "how": Proof.How.MANUAL, "claim": claim})


def _claimed(
    actor: Actor, duty: Duty, said: tuple[str, date, str, str], evidence: UploadedFile | None, state: str
) -> DutyClaim:
    title, held_on, place, note = said
    claim = DutyClaim(
        duty=duty, title=title.strip()[:120], held_on=held_on, place=place.strip()[:80], note=note.strip()[:200],
        state=state, by_id=actor.person_id,
    )  # fmt: skip
    if state == DutyClaim.State.ACCEPTED:
        claim.decided_at, claim.decided_by_id = timezone.now(), actor.person_id
    claim.save()
    if evidence is not None:
        files.keep(actor, OWNER, claim.pk, evidence)
    return claim


@transaction.atomic
def claim(
    actor: Actor, *, duty: Duty, title: str, held_on: date, place: str = "", note: str = "",
    evidence: UploadedFile | None,
) -> DutyClaim:  # fmt: skip
    """Say that a duty was done outside Keyuan, with evidence; nothing counts until the office accepts it."""
    one = locked(actor, duty, "duty.claim")
    _fit(one, title, held_on)
    if evidence is None:
        raise Fault(_("请上传证明材料（通知、日程、照片或签到表）。"), "evidence")
    if DutyClaim.objects.filter(duty=one, state=DutyClaim.State.WAITING).exists():
        raise Conflict(_("已有一份举证在等待审核，请等结果或先撤回。"))
    made = _claimed(actor, one, (title, held_on, place, note), evidence, DutyClaim.State.WAITING)
    audit.record(actor, "duty.claimed", one, claim=made.pk)
    return made


def _waiting(actor: Actor, claim: DutyClaim, right: str) -> tuple[Duty, DutyClaim]:
    one = locked(actor, claim.duty, right)
    held = DutyClaim.objects.select_for_update().get(pk=claim.pk)
    if held.state != DutyClaim.State.WAITING:
        raise Conflict(_("这份举证刚刚已处理，请刷新页面再看。"))
    return one, held


@transaction.atomic
def decide(actor: Actor, *, claim: DutyClaim, accept: bool, reason: str = "") -> DutyClaim:
    """The office accepts a claim, which proves the duty, or returns it with a reason. Nobody decides one's own."""
    one, held = _waiting(actor, claim, "duty.keep")
    if actor.person_id is not None and actor.person_id in (held.by_id, one.term.holder_id):
        raise Fault(_("不能审核自己提交的或本人的举证，请由他人审核。"))
    if not accept and not reason.strip():
        raise Fault(_("请写明未认可的原因。"), "reason")
    held.state = DutyClaim.State.ACCEPTED if accept else DutyClaim.State.RETURNED
    held.decided_at, held.decided_by_id, held.reason = timezone.now(), actor.person_id, reason.strip()[:200]
    if accept:
        _fit(one, held.title, held.held_on)
    held.save()
    audit.record(actor, "duty.claim_decided", one, claim=held.pk, accepted=accept)
    if accept:
        facts = {"title": held.title, "held_on": held.held_on, "how": Proof.How.MANUAL, "claim": held}
        _put(actor, one, facts)
    else:
        result = str(held.get_state_display())
        told(one, "duty.claim_decided", title=held.title, result=result, reason=held.reason)
    return held


@transaction.atomic
def withdraw_claim(actor: Actor, *, claim: DutyClaim) -> DutyClaim:
    """Take a claim back while it waits."""
    _one, held = _waiting(actor, claim, "duty.claim")
    held.state = DutyClaim.State.WITHDRAWN
    held.save(update_fields=["state"])
    audit.record(actor, "duty.claim_decided", held.duty, claim=held.pk, accepted=False)
    return held


@transaction.atomic
def reverse(actor: Actor, *, proof: Proof, reason: str) -> Reversal:
    """The office takes a proof accepted by hand, or an event's, back with a counter-entry that says why."""
    one = locked(actor, proof.duty, "duty.keep")
    held = Proof.objects.get(pk=proof.pk)
    if not reason.strip():
        raise Fault(_("请写明冲销原因。"), "reason")
    if not held.standing:
        raise Conflict(_("这份凭据已经冲销。"))
    if held.how in READ:
        raise Fault(_("这份凭据来自考勤或课程表，请更正考勤或课程表，系统会自动冲销。"), "reason")
    return _fell(actor, one, held, reason.strip())
