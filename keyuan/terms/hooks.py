"""What the rooms below ask of this one: what is held of a person, and a card of one's own posts."""

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel.access import Actor, visible
from keyuan.people import actions as people
from keyuan.people.queries import ProfileLine, profile_card
from keyuan.terms.models import Term
from keyuan.terms.queries import on_day
from keyuan.terms.queries.held import held_of

people.exports("任职", held_of)


@profile_card
def my_posts(actor: Actor) -> tuple[str, list[ProfileLine]] | None:
    """The posts one holds today."""
    rows = on_day(visible(actor, Term).filter(holder_id=actor.person_id or 0), timezone.localdate())
    lines = [
        ProfileLine(
            f"{term.organisation.name} {term}",
            note=_("%(a)s 至 %(b)s") % {"a": f"{term.starts:%Y-%m-%d}", "b": term.deadline or _("未定")},
        )
        for term in rows.select_related("organisation", "post")
    ]
    return (_("任职"), lines) if lines else None
