"""Who holds what on a day, what ends when: the public questions of the room. The caller has asked its own rights."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms.models import DEADLINE, Post, Term, TermRule


def live(rows: QuerySet[Term]) -> QuerySet[Term]:
    """The terms that were not taken back, with `until`, the day agreed to or the statutory one."""
    return rows.filter(withdrawn_at=None).annotate(until=DEADLINE)


def on_day(rows: QuerySet[Term], on: date) -> QuerySet[Term]:
    """Of some terms those held on a day, past their statutory end too as long as nobody ended them."""
    return live(rows).filter(starts__lte=on).filter(Q(ends=None) | Q(ends__gte=on))


def _joined(rows: QuerySet[Term]) -> QuerySet[Term]:
    return rows.select_related("organisation", "post", "holder")


def in_force(organisation: Organisation, post: Post, on: date) -> list[Term]:
    """The terms of a post on a day: the regular before the acting, the earliest first; a recorded vacancy is none."""
    rows = on_day(Term.objects.filter(organisation=organisation, post=post, holder__isnull=False), on)
    return list(_joined(rows).order_by("acting", "starts", "pk"))


def holder_of(organisation: Organisation, post: Post, on: date) -> Person | None:
    """Who holds a post on a day: the regular holder, else who acts; of a post for several the one longest in it.

    A term past its statutory end goes on until somebody ends it. None where the post is vacant or unrecorded.
    """
    found = in_force(organisation, post, on)
    return found[0].holder if found else None


def current_terms(
    school_id: int, duties: Iterable[str], on: date, kinds: Iterable[str] = ()
) -> QuerySet[Term]:
    """The school's terms in posts of these duties (`Post.Duty` values) held on a day, acting ones included.

    `kinds` narrows to kinds of organisation: societies' presidents are ("president",), ("society",). Vacancies are
    left out; rows come with organisation, post and holder, by organisation's order.
    """
    rows = Term.objects.filter(school_id=school_id, post__duty__in=list(duties), holder__isnull=False)
    if wanted := list(kinds):
        rows = rows.filter(post__kind__in=wanted)
    return _joined(on_day(rows, on)).order_by(
        "organisation__kind",
        "organisation__order",
        "organisation_id",
        "post__order",
        "acting",
        "starts",
        "pk",
    )


def ending_between(school_id: int, first: date, last: date) -> QuerySet[Term]:
    """The terms still held whose end (as extended) falls into these days, both included; the soonest first."""
    rows = Term.objects.filter(school_id=school_id, holder__isnull=False, ends=None)
    found = rows.filter(withdrawn_at=None).annotate(until=DEADLINE).filter(until__gte=first, until__lte=last)
    return _joined(found).order_by("until", "organisation__kind", "organisation__order", "pk")


def term_of(person: Person, on: date) -> QuerySet[Term]:
    """The terms a person holds on a day, acting ones included: a president of two societies has two."""
    return _joined(on_day(Term.objects.filter(holder=person), on)).order_by("acting", "starts", "pk")


def rule_on(school_id: int, kind: str, on: date) -> TermRule | None:
    """What holds on a day of the length of terms in organisations of a kind; None where nothing was laid down."""
    rows = TermRule.objects.filter(school_id=school_id, kind=kind, since__lte=on)
    return rows.order_by("-since").first()
