"""What the rooms below are given by this one: a panel on the plan's activities, what is held of a contact, things to find."""

from django.utils.translation import gettext as _

from keyuan.filings.models import Demonstration, Frame, Line
from keyuan.filings.queries.people import held_of, lines_with_phone_of
from keyuan.filings.queries.totals import lines_about
from keyuan.kernel import erasure, search
from keyuan.kernel.access import Actor
from keyuan.people import actions as people
from keyuan.people.models import Person
from keyuan.people.roles import OFFICE, Role
from keyuan.plan import queries as plan
from keyuan.plan.models import KeyActivity

MOST = 20
people.exports("报备", held_of)


def forget(person_id: int) -> None:
    """Where the person is the contact of a unit's activity, known by the phone, name and phone go."""
    person = Person.objects.filter(pk=person_id).first()
    if person is not None:
        rows = Line.objects.filter(pk__in=lines_with_phone_of(person).values("pk"))
        rows.update(contact_name="", phone_sealed="", phone_index="")


# Ahead of the room of people, which drops the phone by which the lines are found.
erasure.ERASERS.insert(0, forget)


@plan.activity_panel
def units_under(actor: Actor, activity: KeyActivity) -> plan.Panel | None:
    """The units that plan something under this activity or after its example."""
    if not actor.roles.intersection((*OFFICE, Role.LIAISON)):
        return None
    rows = list(lines_about(actor, activity.pk)[: MOST + 1])
    if not rows:
        return None
    lines = [
        plan.PanelLine(
            f"{row.filing.organisation} · {row.name}", f"/filings/units/{row.filing_id}/",
            _("%(month)s 月 · %(n)s 人") % {"month": row.month or "—", "n": row.people or "—"},
            _("对标") if row.follows_id and row.activity_id != activity.pk else "", "info",
        )
        for row in rows[:MOST]
    ]  # fmt: skip
    more = _("仅列前 %(n)s 项") % {"n": MOST} if len(rows) > MOST else ""
    return plan.Panel(_("各单位报备的活动") + (f"（{more}）" if more else ""), lines)


@plan.removal_check
def named_in_filings(activity: KeyActivity) -> str:
    """An activity that units named, or that is shown as an example, stays."""
    named = Line.objects.filter(activity=activity).exists() or Line.objects.filter(source=activity).exists()
    shown = Demonstration.objects.filter(activity=activity).exists()
    return (
        _("已有单位报备的活动对应“%(name)s”，不能删去。") % {"name": activity.name} if named or shown else ""
    )


search.register(
    Frame, kind="统筹要求", link=lambda frame: f"/filings/{frame.pk}/", title=lambda frame: frame.title,
    note=lambda frame: str(frame.year), text=lambda frame: frame.asked,
)  # fmt: skip
