"""The dated rules: what posts owe, what counts, when people are reminded."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.duty.models import CountingRule, Duty, DutyRule, Kind, ReminderRule
from keyuan.duty.rules import defaults
from keyuan.duty.rules.standing import DISTANCES
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import School

MOST = 720


def _school(actor: Actor) -> School:
    school = School.objects.select_for_update().get(pk=actor.school_id or 0)
    require(actor, "duty.rules", Duty(school=school))
    return school


@transaction.atomic
def set_owed(actor: Actor, *, facts: Mapping[str, Any]) -> DutyRule:
    """Lay down from a day on whether a post owes a duty; the same post and day again corrects it.

    Duties already open stay; a rule that ends only opens no more.
    """
    school = _school(actor)
    key = {name: facts[name] for name in ("kind", "organisation_kind", "post_duty", "since")}
    rest = {name: facts[name] for name in ("owed", "acting", "months", "basis")}
    made, _fresh = DutyRule.objects.update_or_create(school=school, **key, defaults=rest)
    audit.record(actor, "duty.rule_set", made, kind=made.kind)
    return made


@transaction.atomic
def set_counting(actor: Actor, *, facts: Mapping[str, Any]) -> CountingRule:
    """Lay down what counts, or never counts, from a day on."""
    school = _school(actor)
    host = facts.get("host")
    if host is not None and school.pk not in (host.pk, host.parent_id):
        raise Fault(_("请选择本校或下属分校。"), "host")
    if facts["kind"] == Kind.ATTEND and facts.get("session_kind"):
        raise Fault(_("听一课按班次计，不填课次形式。"), "session_kind")
    made = CountingRule.objects.create(school=school, **facts)
    audit.record(actor, "duty.rule_set", made, kind=made.kind)
    return made


@transaction.atomic
def end_counting(actor: Actor, *, rule: CountingRule, until: date) -> CountingRule:
    """From a day on a counting rule holds no longer; what was held before keeps counting."""
    require(actor, "duty.rules", rule)
    held = CountingRule.objects.select_for_update().get(pk=rule.pk)
    if until <= held.since:
        raise Fault(_("停用日期须晚于起用日期（%(day)s）。") % {"day": held.since}, "until")
    held.until = until
    held.save(update_fields=["until"])
    audit.record(actor, "duty.rule_ended", held)
    return held


@transaction.atomic
def set_reminders(actor: Actor, *, since: date, days: Iterable[int], liaison: bool) -> ReminderRule:
    """Lay down from a day on how long before a term's end people are reminded; the same day again corrects it."""
    school = _school(actor)
    found = sorted({day for day in days if 1 <= day <= MOST}, reverse=True)
    if not found:
        raise Fault(_("请填写 1 到 720 之间的天数，用逗号分开，例如 180, 90, 30。"), "days")
    made, _fresh = ReminderRule.objects.update_or_create(
        school=school, since=since, defaults={"days": found, "liaison": liaison}
    )
    audit.record(actor, "duty.rule_set", made)
    return made


@transaction.atomic
def load_defaults(actor: Actor, *, school: School) -> int:
    """The notice's rules where a school has none; how many were added. Repeating adds nothing."""
    require(actor, "duty.rules", Duty(school=school))
    School.objects.select_for_update().get(pk=school.pk)
    common = {"school": school, "since": defaults.SINCE, "basis": defaults.BASIS}
    added = 0
    if not DutyRule.objects.filter(school=school).exists():
        rows = [
            DutyRule(kind=kind, organisation_kind=unit, post_duty=duty, **common)
            for unit, duty in defaults.OWED
            for kind in defaults.KINDS
        ]
        added += len(DutyRule.objects.bulk_create(rows))
    if not CountingRule.objects.filter(school=school).exists():
        counting = [CountingRule(kind=Kind.ATTEND, host=school, **common)]
        counting += [
            CountingRule(kind=Kind.LECTURE, session_kind=kind, host=school, **common)
            for kind in defaults.LECTURES
        ]
        counting.append(CountingRule(kind=Kind.LECTURE, activity=defaults.PARTY_EVENT, **common))
        added += len(CountingRule.objects.bulk_create(counting))
    if not ReminderRule.objects.filter(school=school).exists():
        ReminderRule.objects.create(school=school, since=defaults.SINCE, days=list(DISTANCES))
        added += 1
    if added:
        audit.record(actor, "duty.rule_set", school)
    return added
