"""Reminders by hand and by the ladder, and the weekly digests."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit, bulk, notify
from keyuan.kernel.access import Actor, can, require
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import School
from keyuan.supervision import flows
from keyuan.supervision.models import Digest, Item, Ladder, Rung, Step
from keyuan.supervision.queries import digests
from keyuan.supervision.queries.people import Told
from keyuan.supervision.queries.reminders import ladder_on
from keyuan.supervision.rules.ladder import due_rung, key_of
from keyuan.supervision.rules.lights import OWED

audit.sentence("supervision.reminded", "催办了 {count} 个督办事项")
audit.sentence("supervision.climbed", "按提醒规则自动提醒了 {count} 个督办事项")
audit.sentence("supervision.digested", "生成了督办通报：{count} 份，{week} 当周")
audit.sentence("supervision.ladder_set", "设定了督办提醒规则：自 {thing} 起")
notify.kind(
    "supervision.reminded", title="督办催办", text="{item}，期限{deadline}，请抓紧办理并报送进展。{said}"
)
notify.kind("supervision.nearing", title="督办提醒：临近期限", text="{item}，期限{deadline}，还有{days}天。")
notify.kind("supervision.due", title="督办提醒：今天到期", text="{item}，今天是办结期限。", urgent=True)
notify.kind(
    "supervision.overdue",
    title="督办提醒：已超期",
    text="{item}，期限{deadline}，已超期{days}天。",
    urgent=True,
)
notify.kind(
    "supervision.digest",
    title="每周督办通报",
    text="{week}当周：超期{overdue}项，本周到期{due}项，待核验{waiting}项，新销号{closed}项。",
)


@transaction.atomic
def remind_many(actor: Actor, *, items: Iterable[int], said: str = "") -> int:
    """Urge the owners of those of these that still wait for them; how many. Each reminder stands on its item."""
    rows = Item.objects.filter(pk__in=list(items), school_id=actor.school_id or 0, state__in=OWED)
    found = [one for one in rows.select_related("owner") if can(actor, "supervision.manage", one)]
    if not found:
        raise Fault(_("所选事项都不需要催办，或不由您督办。"))
    told = Told(found, timezone.localdate())
    for item in found:
        flows.put_down(item, actor, Step.Kind.REMINDED, said.strip())
        flows.tell(item, told.owners(item), "supervision.reminded", said=said.strip()[:120] or None)
    audit.record(actor, "supervision.reminded", count=len(found), ids=[one.pk for one in found])
    return len(found)


def climb(actor: Actor, *, school: School, today: date) -> int:
    """Tell whom the ladder names of each item whose rung has come, once a rung and deadline; how many.

    Running it again the same day tells nobody twice: the step of the rung is unique.
    """
    require(actor, "supervision.manage", Item(school_id=school.pk))
    rungs = dict(ladder_on(school.pk, today))
    rows = Item.objects.filter(school=school, state__in=OWED, issued_at__isnull=False).select_related("owner")
    due = [(item, rung) for item in rows if (rung := _rung_of(item, rungs, today)) is not None]
    done = set(
        Step.objects.filter(item__in=[item.pk for item, _days in due])
        .exclude(once="")
        .values_list("item_id", "once")
    )
    due = [(item, days) for item, days in due if (item.pk, key_of(item.deadline, days)) not in done]
    told, count = Told([item for item, _days in due], today), 0
    for start in range(0, len(due), bulk.CHUNK // 4):
        with transaction.atomic():
            count += sum(
                _climbed(actor, item, (days, rungs[days]), told, today)
                for item, days in due[start : start + bulk.CHUNK // 4]
            )
        bulk.pause()
    if count:
        audit.record(actor, "supervision.climbed", school, count=count)
    return count


def _rung_of(item: Item, rungs: dict[int, str], today: date) -> int | None:
    issued = timezone.localdate(item.issued_at) if item.issued_at else today
    return due_rung(rungs, deadline=item.deadline, issued=issued, today=today)


def _climbed(actor: Actor, item: Item, rung: tuple[int, str], told: Told, today: date) -> bool:
    """One rung of one item, unless another worker was quicker."""
    days, to = rung
    people = told.rung(item, to)
    words = f"{_said(item, today)}，{Rung.To(to).label}，{len(people)} 人"
    try:
        with transaction.atomic():
            flows.put_down(item, actor, Step.Kind.ESCALATED, words, once=key_of(item.deadline, days))
    except IntegrityError:
        return False
    left = (item.deadline - today).days
    kind = "nearing" if left > 0 else "overdue" if left < 0 else "due"
    flows.tell(item, people, f"supervision.{kind}", days=abs(left))
    return True


def _said(item: Item, today: date) -> str:
    left = (item.deadline - today).days
    if left > 0:
        return f"距期限 {left} 天"
    return f"超期 {-left} 天" if left else "今天到期"


@transaction.atomic
def make_digests(actor: Actor, *, school: School, today: date) -> int:
    """The week's digests, one a recipient, stored and told of; made again, those that stand stay. How many are new."""
    require(actor, "supervision.manage", Item(school_id=school.pk))
    School.objects.select_for_update().get(pk=school.pk)
    made = digests.due_to(school, today)
    if not made:
        return 0
    known = set(Digest.objects.filter(school=school, week=made[0].week).values_list("person_id", flat=True))
    fresh = [one for one in made if one.person_id not in known]
    bulk.insert(fresh)
    for one in fresh:
        counts = {key: len(rows) for key, rows in one.facts["parts"].items()}
        notify.tell(
            one.person_id, "supervision.digest", f"/supervision/digests/{one.pk}/", school_id=school.pk,
            week=one.week, **counts,
        )  # fmt: skip
    if fresh:
        audit.record(actor, "supervision.digested", school, count=len(fresh), week=fresh[0].week)
    return len(fresh)


@transaction.atomic
def set_ladder(
    actor: Actor, *, school: School, since: date, rungs: Sequence[tuple[int, str]], basis: str = ""
) -> Ladder:
    """Lay down who is reminded when, from a day on; the same day again replaces it, former days keep theirs."""
    require(actor, "supervision.ladder", Ladder(school_id=school.pk))
    if not rungs:
        raise Fault(_("请至少设一档提醒。"), "rungs")
    if len({days for days, _to in rungs}) < len(rungs):
        raise Fault(_("同一天设了两档，请合并成一档。"), "rungs")
    if any(not -90 <= days <= 365 for days, _to in rungs):
        raise Fault(_("提醒最早在期限前 90 天，最晚在期限后 365 天。"), "rungs")
    ladder, _fresh = Ladder.objects.update_or_create(
        school=school, since=since, defaults={"basis": basis.strip()[:200]}
    )
    ladder.rungs.all().delete()
    Rung.objects.bulk_create(Rung(ladder=ladder, days=days, to=to) for days, to in rungs)
    audit.record(actor, "supervision.ladder_set", ladder, rungs=len(rungs))
    return ladder
