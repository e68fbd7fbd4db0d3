"""What the rooms below ask of this one: what is held of a person, own files, a card on the own page, erasure."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.actions.proving import OWNER
from keyuan.duty.models import Duty, DutyClaim, DutyPlan
from keyuan.duty.queries.held import held_of
from keyuan.duty.queries.states import with_states
from keyuan.duty.rules.standing import OUTSTANDING
from keyuan.kernel import erasure, files
from keyuan.kernel.access import Actor, visible
from keyuan.people import actions as people
from keyuan.people.queries import ProfileLine, profile_card


def _claims(actor: Actor) -> QuerySet[Any]:
    return visible(actor, DutyClaim)


files.owner(OWNER, _claims)
people.exports("听一课讲一课", held_of)


@profile_card
def my_duties(actor: Actor) -> tuple[str, list[ProfileLine]] | None:
    """The duties one still has to do."""
    rows = with_states(
        visible(actor, Duty).filter(term__holder_id=actor.person_id or 0), timezone.localdate()
    )
    owing = rows.filter(state__in=OUTSTANDING).select_related("term__organisation", "term__post")
    lines = [
        ProfileLine(
            f"{duty}：{duty.term.organisation.name} {duty.term}", "/duties/mine/",
            _("限期 %(day)s") % {"day": duty.limit} if duty.limit else "",
        )
        for duty in owing.order_by("pk")
    ]  # fmt: skip
    return (_("听一课讲一课"), lines) if lines else None


@erasure.eraser
def forget(person_id: int) -> None:
    """What was said in words in claims and plans goes; that a duty was done stays, without words."""
    DutyClaim.objects.filter(duty__term__holder_id=person_id).update(note="")
    DutyPlan.objects.filter(duty__term__holder_id=person_id).update(note="")
