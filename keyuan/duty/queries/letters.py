"""Letters of invitation read: what one says, frozen when it is issued, and those a school has issued."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.duty.models import Duty, DutyPlan, Kind
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.templating import clock, short_date, span
from keyuan.orgs.models import School
from keyuan.orgs.queries import name_on

KIND, OWNER = "duty-invitation", DutyPlan._meta.label
ASKED = {Kind.ATTEND.value: "参加学习", Kind.LECTURE.value: "为学员授课"}


def plates_of(school: School) -> tuple[str, ...]:
    """The names the school stands under."""
    return tuple(plate for plate in (school.name, school.second_name) if plate)


@in_chinese
def said(plan: DutyPlan) -> dict[str, str]:
    """What the letter says, in the names of today; the paper keeps it as it was."""
    duty, klass, session = plan.duty, plan.training_class, plan.session
    term = duty.term
    when = f"{plan.day:%Y}年{plan.day.month}月{plan.day.day}日" if plan.day else ""
    place, contact = "", ""
    if klass is not None:
        when, place, contact = span(klass.starts, klass.ends), klass.venue, klass.contact
    if session is not None:
        when = f"{short_date(session.date)} {clock(session.starts)}—{clock(session.ends)}"
        place = session.place or place
    return {
        "name": term.holder.name if term.holder else "",
        "organisation": name_on(term.organisation, timezone.localdate()),
        "post": term.post.name,
        "kind": duty.kind,
        "title": klass.title if klass else plan.title,
        "session": session.title if session else "",
        "days": when,
        "venue": place,
        "contact": contact,
        "note": plan.note,
        "issuer": " ".join(plates_of(duty.school)),
    }


def opening(facts: dict[str, str]) -> str:
    """The sentence a letter begins with."""
    asked = ASKED[facts["kind"]]
    return f"根据科协党校“听一课讲一课”制度，诚邀{facts['organisation']}{facts['post']}{facts['name']}同志{asked}。现将有关安排函告如下："


def rows(facts: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Term and words of a letter, what is empty left out."""
    titles = (
        ("班次或活动", "title"), ("讲授内容", "session"), ("时间", "days"), ("地点", "venue"), ("说明", "note"),
        ("联系人", "contact"),
    )  # fmt: skip
    return tuple((title, facts[key]) for title, key in titles if facts.get(key))


CLOSING = "请于收到本函后答复能否参加；如因故不能参加，请尽早告知，以便另行安排。"


def letters(actor: Actor) -> QuerySet[IssuedPaper]:
    """The school's letters of invitation as far as the actor sees them, the newest first."""
    return visible(actor, IssuedPaper).filter(kind=KIND, owner_label=OWNER)


def to_invite(term_ids: Iterable[int], school_id: int) -> QuerySet[DutyPlan]:
    """The standing plans of some terms that have no letter in force yet."""
    there = IssuedPaper.objects.filter(kind=KIND, owner_label=OWNER, owner_id=OuterRef("pk"), revoked_at=None)
    found = DutyPlan.objects.filter(
        duty__term_id__in=list(term_ids),
        duty__school_id=school_id,
        cancelled_at=None,
        duty__term__withdrawn_at=None,
    )
    return found.filter(~Exists(there)).order_by("duty__term__organisation__order", "pk")


def letters_of(duty: Duty) -> QuerySet[Any]:
    """The letters of a duty's plans, those voided too."""
    plans = DutyPlan.objects.filter(duty=duty).values("pk")
    return IssuedPaper.objects.filter(kind=KIND, owner_label=OWNER, owner_id__in=plans).order_by("-pk")


def search_letters(rows: QuerySet[IssuedPaper], text: str) -> QuerySet[IssuedPaper]:
    """Letters by number, name or what they invite to."""
    return rows.filter(Q(number__icontains=text) | Q(holder_name__icontains=text) | Q(title__icontains=text))
