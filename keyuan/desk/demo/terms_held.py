"""Who leads the demo's societies and cities: running terms, one past its end, one vacancy, one acting, one renamed."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import CITIES, SOCIETIES, Cast
from keyuan.orgs.actions import rename
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms import actions
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post, Term

DUTIES = {"society": ("president", "secretary_general"), "city_association": ("party_secretary", "chair")}


def added_months(day: date, months: int) -> date:
    """About so many months on."""
    return day + timedelta(days=round(months * 30.44))


def _beginnings() -> list[date]:
    """First days of terms that end in 2, 5, 10, 20, 30, 40 and 50 months, and one that ended two months ago."""
    today = timezone.localdate()
    return [added_months(today, months - 60) for months in (50, 5, 30, 20, 40, 10, 2, -2)]


def _fill(cast: Cast, unit: Organisation, place: int, people: list[Person], posts: dict[str, Post]) -> None:
    registrar, starts = cast.actor("registrar"), _beginnings()[place % 8]
    before = added_months(starts, -60)
    for n, duty in enumerate(DUTIES[unit.kind]):
        post, person = posts[duty], people[n % len(people)]
        appointed = duty == "party_secretary"
        facts = TermFacts(
            starts, 3 + place % 6, began="appointed" if appointed else "elected", basis="演示换届报告"
        )
        if place % 3 == 0 and not appointed and len(people) > 2:
            past = TermFacts(
                before,
                2 + place % 6,
                starts - timedelta(days=1),
                "elected",
                "",
                starts - timedelta(days=1),
                "expired",
            )
            actions.enter(registrar, organisation=unit, post=post, holder=people[2], facts=past)
        actions.elect(registrar, organisation=unit, post=post, holder=person, facts=facts)


def _special(cast: Cast, societies: list[Organisation], posts: dict[str, Post]) -> None:
    """A vacancy, somebody acting, a delay that was agreed to, an early replacement, another name."""
    registrar, today = cast.actor("registrar"), timezone.localdate()
    president, secretary = posts["president"], posts["secretary_general"]

    def running(unit: Organisation, post: Post) -> Term:
        return Term.objects.get(organisation=unit, post=post, ends=None, acting=False, withdrawn_at=None)

    first, second, third, fourth = societies[1:5]
    actions.end(registrar, term=running(first, president), on=today - timedelta(days=40), ended="moved")
    actions.end(registrar, term=running(second, secretary), on=today - timedelta(days=20), ended="resigned")
    spare = cast.people[second.pk][-1]
    actions.let_act(
        registrar,
        organisation=second,
        post=secretary,
        holder=spare,
        facts=TermFacts(today - timedelta(days=19)),
    )
    late = running(third, president)
    if late.due is not None:
        actions.extend(registrar, term=late, to=added_months(late.due, 6), basis="演示社管〔2026〕3号")
    actions.replace(
        registrar, term=running(fourth, secretary), holder=cast.people[fourth.pk][-1],
        on=added_months(today, -1), reason="演示：届中更换",
    )  # fmt: skip
    rename(
        registrar, organisation=societies[5], name=f"{societies[5].name.removesuffix('学会')}与应用学会",
        on=added_months(today, -8), basis="演示登记证书变更",
    )  # fmt: skip


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: the first units of both kinds have holders, the rest stay unrecorded."""
    if Term.objects.filter(school=cast.school).exists():
        return
    actions.load_defaults(cast.actor("registrar"), school=cast.school)
    units = Organisation.objects.filter(school=cast.school, pk__in=cast.people, active=True).order_by(
        "order", "pk"
    )
    societies = list(units.filter(kind="society")[:SOCIETIES])
    for kind, some in (
        ("society", societies),
        ("city_association", list(units.filter(kind="city_association")[:CITIES])),
    ):
        posts = {post.duty: post for post in Post.objects.filter(school=cast.school, kind=kind)}
        for place, unit in enumerate(some):
            _fill(cast, unit, place, cast.people[unit.pk], posts)
    posts = {post.duty: post for post in Post.objects.filter(school=cast.school, kind="society")}
    _special(cast, societies, posts)
