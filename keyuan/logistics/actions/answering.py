"""What a trainee needs: told by the trainee on the phone or by the office, sealed at once."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, cipher
from keyuan.kernel.access import Actor, require
from keyuan.kernel.codes import normal_name
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions.arranging import arrangement_for
from keyuan.logistics.models import Answer, Arrangement, Post, Wish
from keyuan.logistics.queries.needs import bound
from keyuan.training.models import Nomination, TrainingClass

# Facts hold which questions were answered, never how.
audit.sentence("logistics.answered", "填写会务需要：{thing}（{questions}）")


@dataclass(frozen=True)
class AnswerFacts:
    """What a form sent (会务需要): empty where the question was passed over."""

    diet: str = ""
    room: str = ""
    branch: str = ""
    shows_phone: bool = False
    together: str = ""


@transaction.atomic
def answer(actor: Actor, *, nomination: Nomination, facts: AnswerFacts) -> Answer:
    """Keep what one trainee needs, sealed; only what the class asks is kept. Answering again replaces it."""
    held = TrainingClass.objects.select_for_update().get(pk=nomination.training_class_id)
    stored = Nomination.objects.select_related("training_class", "person").get(pk=nomination.pk)
    require(actor, "logistics.answer", stored)
    found = arrangement_for(held)
    own = stored.person_id == actor.person_id
    if own and found.answer_by and timezone.localdate() > found.answer_by:
        raise Fault(_("填写已截止，如有变化请告诉班主任。"))
    if not found.asks:
        raise Fault(_("本班没有需要填写的内容。"))
    row, _fresh = Answer.objects.get_or_create(nomination=stored)
    asked = {"diet": found.asks_diet, "room": found.asks_room, "branch": found.asks_branch}
    for question, wanted in asked.items():
        text = getattr(facts, question).strip()[:200] if wanted else ""
        setattr(row, f"{question}_sealed", cipher.seal(text, bound(stored.pk, question)))
    row.shows_phone = found.asks_phone and facts.shows_phone
    row.by_office, row.answered_at = not own, timezone.now()
    row.save()
    if found.asks_branch and facts.branch != "yes":
        Post.objects.filter(nomination=stored, kind__in=Post.BRANCH).delete()
    if found.asks_room:
        wish(stored, facts.together, by_office=not own)
    if found.purged_at is not None:
        Arrangement.objects.filter(pk=found.pk).update(purged_at=None)
    audit.record(actor, "logistics.answered", stored, questions="、".join(q for q, w in asked.items() if w))
    return row


def wish(nomination: Nomination, name: str, *, by_office: bool) -> None:
    """Note with whom somebody would share a room, found by name in the class; an empty name takes it back.

    Raises Fault when nobody, or more than one, is called so, or the two are not of the same sex.
    """
    name = normal_name(name)
    known = Wish.objects.filter(nomination=nomination).select_related("other__person").first()
    if known is not None and known.other.person.name == name:
        return
    Wish.objects.filter(nomination=nomination).delete()
    if not name:
        return
    rows = Nomination.objects.filter(
        training_class_id=nomination.training_class_id, state=Nomination.State.ADMITTED, person__name=name
    ).exclude(pk=nomination.pk)
    others = list(rows.select_related("person")[:2])
    if len(others) != 1:
        words = (
            _("本班学员中没有“%(name)s”，请写全名。")
            if not others
            else _("本班有两位“%(name)s”，请告诉班主任代为登记。")
        )
        raise Fault(words % {"name": name}, "together")
    if others[0].person.sex != nomination.person.sex:
        raise Fault(_("同住须为同性学员。"), "together")
    Wish.objects.create(nomination=nomination, other=others[0], by_office=by_office)
