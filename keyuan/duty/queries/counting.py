"""Which classes and sessions count for which duty, by the dated rules of the school."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from keyuan.duty.models import CountingRule, Kind
from keyuan.orgs.models import School
from keyuan.training.models import ReleasedSession, Session, TrainingClass

HELD = ("published", "closed")
NOTHING = Q(pk__in=())


def _fits(rule: CountingRule, day: str, of_class: str) -> Q:
    """The rows one rule speaks of: every condition filled in must hold."""
    found = Q(**{f"{day}__gte": rule.since})
    if rule.until:
        found &= Q(**{f"{day}__lt": rule.until})
    if rule.activity:
        found &= Q(**{f"{of_class}activity__name": rule.activity})
    if rule.class_kind:
        found &= Q(**{f"{of_class}kind": rule.class_kind})
    if rule.session_kind:
        found &= Q(kind=rule.session_kind)
    if rule.host_id:
        found &= Q(**{f"{of_class}school_id": rule.host_id})
    return found


def _by_rules(rules: Iterable[CountingRule], day: str, of_class: str) -> Q:
    """What some rule counts and none refuses; nothing where nothing was laid down."""
    rules = list(rules)
    counts, refused = NOTHING, NOTHING
    for rule in rules:
        if rule.counts:
            counts |= _fits(rule, day, of_class)
        else:
            refused |= _fits(rule, day, of_class)
    return counts & ~refused


def _hosts(school: School) -> Q:
    return Q(school_id=school.pk) | Q(school__parent_id=school.pk)


def counted_classes(school: School, rules: Sequence[CountingRule] | None = None) -> QuerySet[TrainingClass]:
    """The classes, of the school and its branches, that count as attending one; not those called off."""
    found = rules if rules is not None else CountingRule.objects.filter(school=school, kind=Kind.ATTEND)
    rows = TrainingClass.objects.filter(_by_rules(found, "starts", "")).filter(_hosts(school))
    return rows.exclude(state="cancelled")


def counted_lectures(
    school: School, rules: Sequence[CountingRule] | None = None
) -> QuerySet[ReleasedSession]:
    """The released sessions that count as giving a lecture, of classes that are held."""
    found = rules if rules is not None else CountingRule.objects.filter(school=school, kind=Kind.LECTURE)
    rows = ReleasedSession.objects.filter(_by_rules(found, "date", "training_class__")).filter(_hosts(school))
    return rows.filter(cancelled_at=None, for_class=True, training_class__state__in=HELD)


def countable_sessions(school: School) -> QuerySet[Session]:
    """The sessions of timetables, released or not, that would count as giving a lecture once they are held."""
    rules = CountingRule.objects.filter(school=school, kind=Kind.LECTURE)
    rows = Session.objects.filter(_by_rules(rules, "date", "training_class__")).filter(_hosts(school))
    return rows.exclude(training_class__state="cancelled")
