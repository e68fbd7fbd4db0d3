"""Writes of evaluations. Issuing a token and casting a ballot leave no audit line: see decision 0003."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.evaluation.flows import FORM
from keyuan.evaluation.models import Eligible, Form, Remark, SigningKey, Spent, Tally, Urn
from keyuan.evaluation.queries import half_day_ceiling, half_day_floor
from keyuan.evaluation.rules import blind, urn
from keyuan.evaluation.rules.questions import SESSION_QUESTIONS, Question, read_ballot, read_questions, stored
from keyuan.evaluation.rules.results import FEWEST
from keyuan.kernel import audit, cipher
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.actions import merging
from keyuan.people.models import Person

OPEN_FOR = timedelta(days=2)

audit.sentence("evaluation.draft", "建立评估表{thing}")
audit.sentence("evaluation.admit", "增加可填写人：{thing}，{added} 人")
audit.sentence("evaluation.restart", "重新开放评估：{thing}")
audit.sentence("evaluation.check", "核对评估意见：{thing}")


@transaction.atomic
def draft(
    actor: Actor,
    *,
    school_id: int,
    owner_label: str,
    owner_id: int,
    title: str,
    questions: Sequence[Question] = SESSION_QUESTIONS,
) -> Form:
    """Prepare the form of an owner; asked again it answers the form that is there, whatever its state."""
    form = Form(school_id=school_id, owner_label=owner_label, owner_id=owner_id, title=title)
    require(actor, "evaluation.run", form)
    form.questions = stored(questions)
    read_questions(form.questions)
    found, made = Form.objects.get_or_create(
        owner_label=owner_label,
        owner_id=owner_id,
        defaults={"school_id": school_id, "title": title, "questions": form.questions},
    )
    if made:
        audit.record(actor, "evaluation.draft", found)
    return found


@transaction.atomic
def open_for(
    actor: Actor, *, form: Form, person_ids: Iterable[int], closes_at: datetime | None = None
) -> Form:
    """Open a draft for these people, or let further people into an open one; who is on the list stays on it.

    Times are kept at half-day grain; without `closes_at` it closes at the half-day boundary two days on.
    """
    require(actor, "evaluation.run", form)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.state == Form.State.DRAFT:
        _open(actor, form, closes_at)
    elif form.state != Form.State.OPEN:
        raise Conflict(_("这份评估已经截止，不能再增加填写人。"))
    added = _admit(form, person_ids)
    if added:
        audit.record(actor, "evaluation.admit", form, added=added)
    return form


def _open(actor: Actor, form: Form, closes_at: datetime | None) -> None:
    now = timezone.now()
    form.opens_at = half_day_floor(now)
    form.closes_at = half_day_ceiling(closes_at or now + OPEN_FOR)
    if form.closes_at <= now:
        raise Fault(_("截止时间要晚于现在。"), "closes_at")
    form.save(update_fields=["opens_at", "closes_at"])
    FORM.move(form, "open", actor=actor)
    _fit_out(form)


def _fit_out(form: Form) -> None:
    key = blind.new_key()
    SigningKey.objects.create(
        form=form,
        modulus=f"{key.modulus:x}",
        exponent_sealed=cipher.seal(f"{key.exponent:x}", f"evaluation.form:{form.pk}"),
    )
    urn.make_key(form.pk)
    Urn.objects.create(form=form, sealed=urn.seal(form.pk, urn.Content()))


def _admit(form: Form, person_ids: Iterable[int]) -> int:
    wanted = set(person_ids)
    known = set(Person.objects.filter(pk__in=wanted, school_id=form.school_id).values_list("pk", flat=True))
    have = set(Eligible.objects.filter(form=form).values_list("person_id", flat=True))
    rows = [Eligible(form=form, person_id=pk) for pk in known - have]
    secrets.SystemRandom().shuffle(rows)
    Eligible.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def issue(actor: Actor, *, form: Form, blinded: int) -> int:
    """Sign the actor's blinded value, once; the same value again gets the same answer.

    Not audited and not timed: participation is nobody's business, and the order of issue must not be kept.
    """
    require(actor, "evaluation.answer", form)
    row = Eligible.objects.select_for_update().get(form=form, person_id=actor.person_id or 0)
    digest = hashlib.sha256(blinded.to_bytes(blind.BYTES, "big")).hexdigest()
    if row.issued and row.blinded != digest:
        raise Conflict(
            _("您的评估凭据已经领取过（可能在另一台手机或浏览器里）。请回到当时的浏览器继续填写。")
        )
    kept = SigningKey.objects.get(form=form)
    key = blind.KeyPair(
        int(kept.modulus, 16), int(cipher.open_sealed(kept.exponent_sealed, f"evaluation.form:{form.pk}"), 16)
    )
    signed = blind.sign_blinded(key, blinded)
    if not row.issued:
        row.issued, row.blinded = True, digest
        row.save(update_fields=["issued", "blinded"])
    return signed


def issue_plainly(actor: Actor, *, form: Form) -> str:
    """For browsers without scripts: the server blinds and unblinds by itself. Weaker, and the page says so."""
    modulus = int(SigningKey.objects.get(form=form).modulus, 16)
    blinding = blind.blind(modulus)
    return blind.finish(modulus, blinding, issue(actor, form=form, blinded=blinding.blinded))


@transaction.atomic
def cast(*, form_id: int, token: str, given: Mapping[str, Any]) -> Literal["counted", "already"]:
    """Put one ballot into the urn. Nobody acts: the token is the only right, and nothing else is known or kept.

    The same token again counts nothing and answers "already". Faults: form not open, token not of this form, an
    item left out.
    """
    form = Form.objects.filter(pk=form_id, state=Form.State.OPEN).first()
    if form is None or form.closes_at is None or form.closes_at <= timezone.now():
        raise Fault(_("这份评估已经截止，谢谢您的关心。"))
    if not blind.holds(int(SigningKey.objects.get(form=form).modulus, 16), token):
        raise Fault(_("评估凭据无效，请从评估页面重新进入。"))
    ballot = read_ballot(read_questions(form.questions), given)
    box = Urn.objects.select_for_update().get(form=form)
    try:
        with transaction.atomic():
            Spent.objects.create(digest=blind.spent_digest(form_id, token), form=form)
    except IntegrityError:
        return "already"
    content = urn.unseal(form_id, box.sealed)
    content.add(ballot)
    Urn.objects.filter(form=form).update(sealed=urn.seal(form_id, content))
    return "counted"


@transaction.atomic
def close(actor: Actor, *, form: Form) -> Form:
    """Close a form: open the urn once, write its counters and shuffled texts, destroy everything else.

    Below five answers only the number of answers is kept. Afterwards nobody can tell who was on the list.
    """
    form = Form.objects.select_for_update().get(pk=form.pk)
    FORM.move(form, "close", actor=actor)
    box = Urn.objects.select_for_update().get(form=form)
    content = urn.unseal(form.pk, box.sealed)
    form.eligible = Eligible.objects.filter(form=form).count()
    form.answered = content.votes
    form.save(update_fields=["eligible", "answered"])
    if content.votes >= FEWEST:
        _write_counts(form, content)
    _forget(form)
    return form


def _write_counts(form: Form, content: urn.Content) -> None:
    Tally.objects.bulk_create(
        Tally(form=form, question=key.rpartition(":")[0], grade=int(key.rpartition(":")[2]), count=count)
        for key, count in sorted(content.grades.items())
    )
    texts = list(content.texts)
    secrets.SystemRandom().shuffle(texts)
    Remark.objects.bulk_create(Remark(form=form, question=key, body=body) for key, body in texts)


def _forget(form: Form) -> None:
    for model in (Spent, Eligible, SigningKey, Urn):
        model.objects.filter(form=form).delete()
    transaction.on_commit(lambda: _destroy(form.pk))


def _destroy(form_id: int) -> None:
    urn.destroy_key(form_id)
    # Dead rows and old pages of the lists go too, as far as the database lets us.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            cursor.execute(
                "VACUUM evaluation_eligible, evaluation_spent, evaluation_urn, evaluation_signingkey"
            )
        elif connection.vendor == "sqlite" and not connection.in_atomic_block:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


@transaction.atomic
def restart(actor: Actor, *, form: Form, closes_at: datetime | None = None) -> Form:
    """Begin anew when the urn cannot be read (a backup restored elsewhere): everybody on the list may answer again."""
    require(actor, "evaluation.run", form)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.state != Form.State.OPEN:
        raise Conflict(_("只有填写中的评估才需要重新开放。"))
    try:
        urn.unseal(form.pk, Urn.objects.get(form=form).sealed)
    except urn.UrnLost:
        pass
    else:
        raise Conflict(_("票箱完好，不需要重新开放。"))
    for model in (Spent, SigningKey, Urn):
        model.objects.filter(form=form).delete()
    Eligible.objects.filter(form=form).update(issued=False, blinded="")
    form.closes_at = half_day_ceiling(closes_at or timezone.now() + OPEN_FOR)
    form.save(update_fields=["closes_at"])
    _fit_out(form)
    audit.record(actor, "evaluation.restart", form)
    return form


def close_due(actor: Actor) -> int:
    """Close every form whose time has come, and sweep keys a crash left behind. Answers how many closed."""
    closed = 0
    for form in Form.objects.filter(state=Form.State.OPEN, closes_at__lte=timezone.now()):
        try:
            close(actor, form=form)
            closed += 1
        except (Conflict, urn.UrnLost):
            continue
    alive = set(Form.objects.filter(state=Form.State.OPEN).values_list("pk", flat=True))
    for form_id in urn.kept_keys():
        if form_id not in alive:
            urn.destroy_key(form_id)
    return closed


@transaction.atomic
def check_remarks(
    actor: Actor, *, form: Form, hide: Iterable[int] = (), redact: Mapping[int, Sequence[str]] | None = None
) -> int:
    """The name check: hide some texts, black out words in others, keep the rest. Answers how many were judged.

    The audit line holds how many, never a text.
    """
    require(actor, "evaluation.check", form)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.state != Form.State.CLOSED:
        raise Conflict(_("只有已截止、未公布的评估才能核对意见。"))
    hidden, words = set(hide), redact or {}
    rows = list(Remark.objects.filter(form=form))
    redacted = 0
    for row in rows:
        row.state = Remark.State.HIDDEN if row.pk in hidden else Remark.State.KEPT
        before = row.body
        for word in filter(None, words.get(row.pk, ())):
            row.body = row.body.replace(word, "■" * min(len(word), 4))
        redacted += row.body != before
    Remark.objects.bulk_update(rows, ["state", "body"])
    audit.record(
        actor, "evaluation.check", form, kept=len(rows) - len(hidden), hidden=len(hidden), redacted=redacted
    )
    return len(rows)


def publish(actor: Actor, *, form: Form) -> Form:
    """Publish the result once; every text must have been checked for names."""
    FORM.move(form, "publish", actor=actor)
    return form


def _follow(_actor: Actor, kept: int, gone: int, merge: int) -> list[int]:
    """Two records become one person: a right not yet used goes over, a fetched token never does.

    Nothing is listed: whether somebody has fetched a token is not written anywhere that outlives the form. What went
    over is noted in the right itself, which is destroyed at closing.
    """
    both = Eligible.objects.filter(person_id=kept).values("form_id")
    rows = Eligible.objects.filter(person_id=gone, issued=False).exclude(form_id__in=both)
    rows.update(person_id=kept, merge=merge)
    return []


def _back(_actor: Actor, kept: int, gone: int, merge: int, _keys: list[int]) -> int:
    """They are two after all: what went over and is not used yet goes back; how many is told nobody."""
    rows = Eligible.objects.filter(person_id=kept, merge=merge, issued=False)
    rows.update(person_id=gone, merge=None)
    return 0


merging.carrier(merging.Carrier("evaluation.Eligible", ("evaluation.Eligible",), _follow, _back))
