"""10,000 people under five requirements: the list of one, a page of it, the summary of all, and one's own page."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ground import installation, timed, world

PEOPLE, LOTS = 10_000, 3
TITLES = ("县处级及以上干部五年学时", "乡科级及以下干部年度学时", "干部网络自学", "专业技术人员继续教育")


def crowd(ground: Any) -> list[Any]:
    """People of all units, each with two labels and a place in a society."""
    from keyuan.people.models import Person

    rows = [
        Person(
            school=ground.school, name=f"演示{n}", pinyin=f"yanshi{n:05d}", organisation=ground.units[n % len(ground.units)],
            demo=True,
        )
        for n in range(PEOPLE)
    ]  # fmt: skip
    return Person.objects.bulk_create(rows, batch_size=500)


def laid_down(ground: Any, people: list[Any]) -> list[Any]:
    """Five requirements that hold for everybody."""
    from keyuan.rotation import actions
    from keyuan.rotation.models import CohortLabel, CohortMember, Requirement

    actions.load_defaults(ground.actor, school=ground.school)
    names = ("县处级及以上干部", "乡科级及以下干部", "专业技术人员")
    labels = CohortLabel.objects.filter(school=ground.school, name__in=names)
    rows = [
        CohortMember(label=label, person=one, starts=date(2015, 1, 1)) for label in labels for one in people
    ]
    CohortMember.objects.bulk_create(rows, batch_size=1000)
    Requirement.objects.filter(school=ground.school).exclude(title__in=TITLES).update(active=False)
    facts = {"title": "学会人员轮训", "kind": "universal", "measure": "classes"}
    group = actions.GroupFacts("society")
    actions.save_requirement(ground.actor, requirement=None, facts=facts, groups=[group])
    return list(Requirement.objects.filter(school=ground.school, active=True))


def banked(ground: Any, people: list[Any]) -> None:
    """So many earnings each through the ledger's own action, one of them in the class of the ground."""
    from keyuan.credits.actions import AwardFacts, award_many

    today = date.today()  # noqa: DTZ011 - any day serves
    for start in range(0, len(people), 500):
        facts = [
            AwardFacts(
                one.pk, f"bench:{one.pk}:{n}", today - timedelta(days=30 + 200 * n), "演示学时",
                hours=Decimal(8 + one.pk % 40), evidence={"class": ground.training_class.pk} if n == 0 else {},
            )
            for one in people[start : start + 500]
            for n in range(LOTS)
        ]  # fmt: skip
        award_many(ground.actor, school_id=ground.school.pk, rows=facts)


def main() -> None:
    """Build, then time what a person waits for."""
    from django.test import Client
    from django.utils import timezone

    from keyuan.rotation import actions
    from keyuan.rotation.queries import board, own
    from keyuan.rotation.queries.coverage import coverage

    ground = world(places=400)
    people = crowd(ground)
    rows = laid_down(ground, people)
    banked(ground, people)
    actions.sort_class(ground.actor, training_class=ground.training_class, bucket="public", online=False)
    today = timezone.localdate()
    for one in rows:
        found = timed(f"coverage of {one.title}", lambda one=one: coverage(ground.actor, one, today))
        print(f"   {len(found.lines)} people, {board.counted(found.lines)}")
    timed("summary of five requirements", lambda: board.summaries(ground.actor, today))
    client = Client()
    client.force_login(ground.registrar.account)
    client.get("/rotation/")
    size = timed("page of the list", lambda: client.get("/rotation/?state=due")).content
    print(f"   {len(size)} bytes")
    from keyuan.people.middleware import actor_in
    from keyuan.people.models import Seat

    seat = Seat.objects.create(person=people[0], role="trainee", school=ground.school)
    timed("one's own page", lambda: own.owed_by(actor_in(seat), today))


if __name__ == "__main__":
    with installation():
        main()
