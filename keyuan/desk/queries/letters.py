"""Letters of admission read: what one says, and those in force."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_noop as _

from keyuan.kernel.access import Actor, visible
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.templating import clock, short_date, span
from keyuan.orgs.models import School
from keyuan.training.models import Nomination

KIND, OWNER = "admission", Nomination._meta.label
# The states of a class that is held, in which an admission stands.
HELD = ("published", "closed")


@in_chinese
def said(nomination: Nomination) -> dict[str, str]:
    """What the letter says of one admission, in the words of today; equal words need no new letter."""
    klass = nomination.training_class
    first = klass.released_sessions.filter(cancelled_at=None).order_by("date", "starts").first()
    report = ""
    if first is not None:
        place = first.place or klass.venue
        report = f"{short_date(first.date)} {clock(first.starts)} {first.title}（{place}）"
    return {
        "name": nomination.person.name,
        "organisation": nomination.organisation.name,
        "title": klass.title,
        "days": span(klass.starts, klass.ends),
        "issuer": " ".join(plates_of(klass.school)),
        "venue": klass.venue,
        "report": report,
        "lodging": lodging_of(nomination),
        "bring": klass.bring.strip(),
        "fees": FEES if klass.fees else "",
        "contact": klass.contact or f"班主任 {klass.head_teacher.name}",
    }


# 中央和国家机关培训费管理办法（财行〔2016〕540号）: the host bears the cost, the unit the way there and back.
FEES = _("培训费由主办单位承担，不向学员收取；往返交通费按差旅费规定回单位报销。")


def lodging_of(nomination: Nomination) -> str:
    """What the letter says of the night, where the class offers lodging at all."""
    if not nomination.training_class.lodging:
        return ""
    return "已登记统一安排住宿" if nomination.lodging else "未登记住宿；如需住宿请告知联系人"


def plates_of(school: School) -> tuple[str, ...]:
    """The names the school stands under: the first plate, and the second where there is one."""
    return tuple(plate for plate in (school.name, school.second_name) if plate)


def letter_of(actor: Actor, nomination: Nomination) -> IssuedPaper | None:
    """The letter in force for one's own admission, as far as the actor sees it; none once one is out."""
    if nomination.state != Nomination.State.ADMITTED or nomination.training_class.state not in HELD:
        return None
    rows = visible(actor, IssuedPaper).filter(
        kind=KIND, owner_label=OWNER, owner_id=nomination.pk, person_id=nomination.person_id, revoked_at=None
    )
    return rows.first()


def stale_letters() -> QuerySet[IssuedPaper]:
    """Letters in force for people no longer admitted, or of classes called off."""
    live = Nomination.objects.filter(
        pk=OuterRef("owner_id"), state="admitted", training_class__state__in=HELD
    )
    rows = IssuedPaper.objects.filter(kind=KIND, owner_label=OWNER, revoked_at=None)
    return rows.filter(~Exists(live)).order_by("pk")
