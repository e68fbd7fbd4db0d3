"""Plans and letters: named, replaced, taken off, answered; letters numbered and frozen; reminders never twice."""

import io
import zipfile
from datetime import date, timedelta

import docx
import pytest
from django.utils import timezone

from keyuan.duty import actions, papers
from keyuan.duty.actions.reminding import distance
from keyuan.duty.models import DutyPlan, Reminder
from keyuan.duty.queries.letters import letters
from keyuan.duty.queries.offers import offers
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import IssuedPaper, Outbox
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.terms import actions as terms
from keyuan.terms.models import Term
from tests import factories
from tests.duty.ground import Ground

ON = timezone.localdate
LONG_AGO, FAR = date(2021, 5, 20), date(2090, 5, 19)


@pytest.fixture
def serving(owing: Ground) -> Ground:
    """A president in office for long."""
    owing.elect(0, LONG_AGO, due=FAR, number=4)
    owing.open()
    return owing


def test_a_duty_is_planned_replaced_answered_and_taken_off(serving: Ground) -> None:
    first, second = serving.coming(40), serving.coming(60, title="演示干部培训班（第2期）")
    duty = serving.duty()
    assert [one.value for one in offers(duty, ON())] == [f"class:{first.pk}", f"class:{second.pk}"]
    actions.plan(serving.office, duty=duty, training_class=first)
    assert serving.state(duty) == "planned"
    # A plan whose day is past proves nothing.
    assert serving.state(duty, first.ends + timedelta(days=1)) == "open"
    made = actions.plan(serving.office, duty=duty, training_class=second, note="请提前一天报到")
    assert list(DutyPlan.objects.filter(cancelled_at=None)) == [made]
    actions.answer(serving.system, duty=duty, yes=False)
    made.refresh_from_db()
    assert made.answer == "no"
    with pytest.raises(Fault, match="原因"):
        actions.cancel(serving.office, duty=duty, reason=" ")
    actions.cancel(serving.office, duty=duty, reason="班次冲突")
    assert serving.state(duty) == "open"
    with pytest.raises(Conflict, match="没有安排"):
        actions.cancel(serving.office, duty=duty, reason="再取消")
    kinds = list(Outbox.objects.order_by("pk").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("duty.")] == [
        "duty.planned",
        "duty.planned",
        "duty.unplanned",
    ]


def test_what_cannot_serve_is_refused_in_words(serving: Ground) -> None:
    klass, duty, lecture = serving.coming(40), serving.duty(), serving.duty("lecture")
    session = serving.lecture(klass)
    with pytest.raises(Fault, match="不必选课次"):
        actions.plan(serving.office, duty=duty, session=session)
    with pytest.raises(Fault, match="已经过去"):
        actions.plan(serving.office, duty=duty, title="演示活动", day=ON() - timedelta(days=1))
    with pytest.raises(Fault, match="活动名称"):
        actions.plan(serving.office, duty=duty, day=ON() + timedelta(days=3))
    Term.objects.filter(pk=duty.term_id).update(due=ON() + timedelta(days=20))
    with pytest.raises(Fault, match="不在任期内"):
        actions.plan(serving.office, duty=serving.duty("lecture"), session=session)
    assert offers(serving.duty(), ON()) == offers(serving.duty("lecture"), ON()) == []
    Term.objects.filter(pk=duty.term_id).update(due=FAR)
    other = factories.build("sz")
    with pytest.raises(Fault, match="本校或下属分校"):
        actions.plan(serving.office, duty=duty, training_class=factories.published(other))
    with pytest.raises(Forbidden):
        actions.plan(serving.academy.actor("liaison"), duty=lecture, session=session)
    actions.waive(serving.office, duty=lecture, reason="演示")
    with pytest.raises(Conflict, match="已免除"):
        actions.plan(serving.office, duty=lecture, session=session)
    actions.prove(serving.office, duty=duty, title="演示报告", held_on=date(2023, 3, 4))
    with pytest.raises(Conflict, match="已经完成"):
        actions.plan(serving.office, duty=duty, training_class=klass)


def test_letters_are_numbered_frozen_and_void_with_their_plan(serving: Ground) -> None:
    office, klass = serving.office, serving.coming(40)
    session = serving.lecture(klass)
    actions.plan(office, duty=serving.duty(), training_class=klass)
    plan = actions.plan(office, duty=serving.duty("lecture"), session=session)
    term = serving.duty().term_id
    made = actions.invite_all(office, term_ids=[term])
    assert [paper.seq for paper in made] == [1, 2]
    assert actions.invite_all(office, term_ids=[term]) == []
    assert actions.invite(office, plan=plan) == made[1]
    with pytest.raises(Forbidden):
        actions.invite(serving.academy.actor("head"), plan=plan)
    Organisation.objects.filter(pk=serving.societies[0].pk).update(name="演示省应用数学学会")
    Person.objects.filter(pk=serving.people[0].pk).update(name="演示改名")
    kept = IssuedPaper.objects.get(pk=made[1].pk)
    assert (kept.facts["organisation"], kept.facts["name"], kept.holder_name) == (
        "演示省数学学会",
        "演示甲",
        "演示甲",
    )
    with zipfile.ZipFile(io.BytesIO(papers.archive(letters(office)))) as folder:
        names = sorted(folder.namelist())
        assert [name.rsplit(".", 1)[1] for name in names] == ["docx", "pdf", "docx", "pdf"]
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(folder.read(names[2]))).paragraphs)
    assert made[1].number in text
    assert "演示省数学学会理事长演示甲同志为学员授课" in text
    actions.plan(
        office, duty=serving.duty("lecture"), title="演示党建强会活动", day=ON() + timedelta(days=50)
    )
    kept.refresh_from_db()
    assert kept.revoked_at is not None
    assert [paper.seq for paper in actions.invite_all(office, term_ids=[term])] == [3]


@pytest.mark.parametrize(
    ("left", "said"), [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (0, 30), (-1, None)]
)
def test_the_nearest_distance_counts(left: int, said: int | None) -> None:
    assert distance((180, 90, 30), left) == said


def test_people_are_reminded_once_a_distance_and_anew_when_the_term_is_put_off(owing: Ground) -> None:
    office, school = owing.office, owing.academy.school
    term = owing.elect(0, LONG_AGO, due=date(2026, 5, 19))
    owing.open()
    seat = factories.seat(owing.academy, "liaison3", Role.LIAISON, owing.societies[0])

    def remind(on: date) -> int:
        return actions.remind(owing.system, school=school, on=on)

    assert remind(date(2025, 11, 1)) == 0
    assert (remind(date(2025, 12, 1)), remind(date(2025, 12, 1)), remind(date(2026, 1, 1))) == (2, 0, 0)
    told = Outbox.objects.filter(kind="duty.ending").latest("pk")
    assert told.person_ids == [owing.people[0].pk, seat.person_id]
    assert told.facts["days"] == 169
    actions.waive(office, duty=owing.duty("lecture"), reason="演示")
    assert remind(date(2026, 3, 1)) == 1
    terms.extend(office, term=term, to=date(2026, 11, 19), basis="演示批复")
    assert remind(date(2026, 3, 1)) == 0
    actions.set_reminders(office, since=date(2026, 4, 1), days=[200, 10], liaison=False)
    assert remind(date(2026, 6, 1)) == 1
    assert Outbox.objects.filter(kind="duty.ending").latest("pk").person_ids == [owing.people[0].pk]
    assert list(Reminder.objects.order_by("pk").values_list("days", "end", "told")) == [
        (180, date(2026, 5, 19), 2), (180, date(2026, 5, 19), 2), (90, date(2026, 5, 19), 2), (200, date(2026, 11, 19), 1),
    ]  # fmt: skip
    with pytest.raises(Fault, match="720"):
        actions.set_reminders(office, since=date(2026, 4, 1), days=[0, 9999], liaison=True)
