"""What the rooms below ask of this one: files, the own export, erasure; links on their pages."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keyuan.kernel import erasure, files
from keyuan.kernel.access import Actor, visible
from keyuan.people import actions as people
from keyuan.plan.models import KeyActivity
from keyuan.plan.queries import Panel, PanelLine, activity_action, activity_panel
from keyuan.supervision.actions.working import OWNER
from keyuan.supervision.models import Digest, Item
from keyuan.supervision.queries.held import held_of
from keyuan.supervision.rules import SEERS


def _items(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Item)


files.owner(OWNER, _items)
people.exports("督办", held_of)


@erasure.eraser
def forget(person_id: int) -> None:
    """Digests go, and nobody is named as answering any more; the unit stays answerable, what was done stays done."""
    Digest.objects.filter(person_id=person_id).delete()
    Item.objects.filter(owner_person_id=person_id).update(owner_person=None)


@activity_panel
def followed(actor: Actor, activity: KeyActivity) -> Panel | None:
    """What is followed up of an activity and its milestones, on its page."""
    if not actor.roles.intersection(SEERS):
        return None
    rows = visible(actor, Item).filter(source_link=f"/plan/activities/{activity.pk}/").select_related("owner")
    lines = [
        PanelLine(
            str(one), f"/supervision/{one.pk}/", f"{one.owner.name} {one.deadline}", one.get_state_display(),
            "good" if one.state == Item.State.CLOSED else "neutral",
        )
        for one in rows
    ]  # fmt: skip
    return Panel(_("督办"), lines) if lines else None


@activity_action("列为督办事项", rule="supervision.manage")
def make_an_item(activity: KeyActivity) -> str:
    """To the picker, with the activity ticked."""
    return "/supervision/pick/?" + urlencode(
        {"kind": "plan", "q": activity.name, "ref": f"activity:{activity.pk}"}
    )
