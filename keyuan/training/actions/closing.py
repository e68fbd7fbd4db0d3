"""Closing a class: outcomes frozen, hours banked once, certificates asked for; reopening takes it all back."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from keyuan.attendance.queries.attended import Attended, attended
from keyuan.credits import actions as credits_
from keyuan.credits.models import CertificateTemplate
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.kernel.models.jobs import Job
from keyuan.training import flows
from keyuan.training.models import Completion, TrainingClass
from keyuan.training.queries import closing

audit.sentence("training.class.completed", "结班登记：{thing}，结业 {completed} 人，未结业 {failed} 人")

OWNER = "training.class"


def source_of(nomination_id: int) -> str:
    """The name under which the ledger knows one trainee's completion."""
    return f"training.completion:{nomination_id}"


def _completion(outcome: closing.Outcome, number: int, override: str) -> Completion:
    standing = outcome.standing
    return Completion(
        nomination=outcome.nomination,
        closing=number,
        completed=outcome.completed or bool(override),
        hours=standing.present if outcome.completed or override else 0,
        attended_share=standing.attendance_share,
        leave_share=standing.leave_share,
        reason=outcome.reason,
        override_reason=override,
    )


@transaction.atomic
def close_class(
    actor: Actor, *, training_class: TrainingClass, overrides: Mapping[int, str] | None = None
) -> int:
    """Close the class; returns how many completed. Pressed again on a closed class it changes nothing.

    `overrides` gives a reason (特批理由) for letting a nomination complete against the rules.
    Raises Fault naming the first thing still missing.
    """
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    require(actor, "training.close", held)
    if held.state == TrainingClass.State.CLOSED:
        return sum(row.completed for row in closing.completions_of(held))
    missing = [check for check in closing.checklist(held) if check.blocking and not check.ok]
    if missing:
        raise Fault("还不能结班：" + "；".join(f"{check.title}（{check.note}）" for check in missing) + "。")
    outcomes = closing.outcomes(held)
    if not outcomes:
        raise Fault("没有录取的学员，不能结班；如班次不再举办，请改为取消班次。")
    flows.CLASS.move(held, "close", actor=actor)
    number, given = held.closings + 1, overrides or {}
    rows = [_completion(o, number, given.get(o.nomination.pk, "").strip()) for o in outcomes]
    Completion.objects.bulk_create(rows, batch_size=500)
    TrainingClass.objects.filter(pk=held.pk).update(closings=F("closings") + 1, closed_at=timezone.now())
    _bank(actor, held, rows)
    done = sum(row.completed for row in rows)
    audit.record(
        actor, "training.class.completed", held, completed=done, failed=len(rows) - done, closing=number
    )
    training_class.refresh_from_db()
    return done


def _bank(actor: Actor, training_class: TrainingClass, rows: list[Completion]) -> None:
    there = attended(OWNER, training_class.pk)
    nothing = Attended()
    facts = [
        credits_.AwardFacts(
            person_id=row.nomination.person_id,
            source=source_of(row.nomination_id),
            earned_on=training_class.ends,
            title=training_class.title,
            minutes=there.get(row.nomination.person_id, nothing).minutes,
            half_days=len(there.get(row.nomination.person_id, nothing).halves),
            hours=row.hours,
            evidence={"class": training_class.pk, "closing": row.closing},
        )
        for row in rows
        if row.completed and row.hours > 0
    ]
    if facts:
        credits_.award_many(actor, school_id=training_class.school_id, rows=facts)


@transaction.atomic
def issue_certificates(
    actor: Actor, *, training_class: TrainingClass, template: CertificateTemplate | None = None
) -> Job:
    """Ask for a certificate for everybody who completed; those who hold one get no second.

    Without a `template` they take the one the class took last, or the school's default.
    """
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)  # a second press waits for the first
    require(actor, "training.close", training_class)
    if training_class.state != TrainingClass.State.CLOSED:
        raise Fault("结班之后才能签发证书。")
    rows = [
        credits_.CertificateFacts(
            person_id=row.nomination.person_id,
            name=row.nomination.person.name,
            title=training_class.title,
            hours=row.hours,
            starts=training_class.starts,
            ends=training_class.ends,
            organisation=row.nomination.organisation.name,
            source=source_of(row.nomination_id),
        )
        for row in closing.completions_of(training_class)
        if row.completed
    ]
    if not rows:
        raise Fault("没有结业的学员，不需要签发证书。")
    return credits_.request_certificates(
        actor, owner_label=OWNER, owner_id=training_class.pk, rows=rows, template=template
    )


@transaction.atomic
def reopen_class(actor: Actor, *, training_class: TrainingClass, reason: str) -> None:
    """Open a closed class again: hours are taken back by counter-entry and certificates revoked."""
    held = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if held.archived_at is not None:
        raise Fault("班次已经归档，不能取消结班；如确需更正，请先在“变更与归档”里撤销归档。")
    flows.CLASS.move(held, "reopen", actor=actor, note=reason)
    sources = [source_of(row.nomination_id) for row in closing.completions_of(held) if row.completed]
    credits_.reverse_many(actor, sources=sources, reason=reason)
    credits_.revoke_for(actor, owner_label=OWNER, owner_id=held.pk, reason=reason)
    training_class.refresh_from_db()
