"""Two at once, a double click, a resubmission, a stale page: through HTTP at a real server of two processes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from keyuan.credits.models import Balance, Certificate, Posting
from keyuan.kernel import audit
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.models.jobs import Job
from keyuan.people.models import Person
from keyuan.training.actions import nominations
from keyuan.training.models import Completion, Nomination, QuotaShare, TrainingClass
from tests.faults import ground as grounds
from tests.faults import serving
from tests.faults.ground import Ground
from tests.faults.serving import Answer
from tests.kernel.sheet_files import resident_number

pytestmark = [pytest.mark.race, pytest.mark.slow]


def at_once(*calls: Callable[[], Answer]) -> list[int]:
    """The status of each, asked for in the same moment."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [running.result().status for running in [pool.submit(call) for call in calls]]


def seated(server: serving.Server, ground: Ground) -> list[serving.Person]:
    return [serving.signed_in(server, seat) for seat in [*ground.registrars, ground.liaison]]


def test_two_registrars_admit_the_last_place_and_one_is_told_it_is_gone(
    open_ground: Ground, served: serving.Server
) -> None:
    ground = open_ground
    rows = [
        nominations.nominate(
            ground.office, training_class=ground.held, person=person, organisation=ground.unit
        )
        for person in ground.people
    ]
    TrainingClass.objects.filter(pk=ground.held.pk).update(places=1)
    first, second, _liaison = seated(served, ground)

    def admit(who: serving.Person, row: Nomination) -> Callable[[], Answer]:
        return lambda: who.post(f"/nominations/{row.pk}/move/", {"move": "admit"})

    statuses = at_once(*[admit([first, second][n % 2], row) for n, row in enumerate(rows)])
    assert sorted(statuses) == [302, 409, 409, 409]
    assert Nomination.objects.filter(state="admitted").count() == 1
    assert TrainingClass.objects.get().taken == 1
    assert audit.verify() is None
    left = Nomination.objects.filter(state="submitted").first()
    assert left is not None
    assert "名额已满" in second.post(f"/nominations/{left.pk}/move/", {"move": "admit"}).text


def test_nominating_twice_gives_the_first_and_a_stale_button_is_a_conflict(
    open_ground: Ground, served: serving.Server
) -> None:
    ground = open_ground
    office, other, liaison = seated(served, ground)
    base = f"/classes/{ground.held.pk}"
    known = {"person": [str(person.pk) for person in ground.people[:2]], "unit": str(ground.unit.pk)}
    newcomer = {
        "name": "演示新人", "id_kind": "resident", "id_number": resident_number(7), "unit": str(ground.unit.pk),
        "organisation": str(ground.unit.pk),
    }  # fmt: skip
    before = Person.objects.count()

    def ticked() -> Answer:
        return liaison.post(f"{base}/nominate/people/", known)

    def typed() -> Answer:
        return liaison.post(f"{base}/nominate/new/", newcomer)

    assert set(at_once(ticked, typed, ticked, typed)) == {302}
    assert {ticked().status, typed().status} == {302}
    assert Nomination.objects.count() == QuotaShare.objects.get().used == 3
    assert Person.objects.count() == before + 1

    row = Nomination.objects.order_by("pk")[0]
    move = f"/nominations/{row.pk}/move/"
    statuses = at_once(*[lambda who=who: who.post(move, {"move": "admit"}) for who in [office, other] * 2])
    assert sorted(statuses) == [302, 409, 409, 409]
    # The back button: the page still shows 退回 for a nomination that is admitted by now.
    stale = other.post(move, {"move": "return", "note": "请补照片"})
    assert stale.status == 409
    assert "请刷新" in stale.text
    row.refresh_from_db()
    assert (row.state, row.reason) == ("admitted", "")
    assert TrainingClass.objects.get().taken == 1


def test_saving_shares_again_or_from_a_stale_page_never_doubles_or_cuts_below_what_is_used(
    open_ground: Ground, served: serving.Server
) -> None:
    ground = open_ground
    office, other, liaison = seated(served, ground)
    page = f"/classes/{ground.held.pk}/shares/"
    field = f"share-{ground.unit.pk}"
    QuotaShare.objects.all().delete()
    assert set(at_once(*[lambda who=who: who.post(page, {field: "2"}) for who in [office, other] * 2])) == {
        302
    }
    assert list(QuotaShare.objects.values_list("places", "used")) == [(2, 0)]
    liaison.post(
        f"/classes/{ground.held.pk}/nominate/people/", {"person": [str(p.pk) for p in ground.people[:2]]}
    )
    stale = office.post(page, {field: "1"})
    assert stale.status == 422
    assert "已推荐 2 人" in stale.text
    assert 'value="1"' in stale.text, "what was typed is kept"
    assert QuotaShare.objects.get().places == 2


def test_closing_and_asking_for_certificates_again_pays_and_issues_once(
    transactional_db: None, served: serving.Server
) -> None:
    ground = grounds.build()
    grounds.finish(ground)
    office, other, _liaison = seated(served, ground)
    base = f"/classes/{ground.held.pk}"
    both: Any = [office, other] * 2
    assert set(at_once(*[lambda who=who: who.post(f"{base}/close/", {}) for who in both])) == {302}
    assert office.post(f"{base}/close/", {}).status == 302
    assert Completion.objects.count() == Posting.objects.count() == Balance.objects.count() == 2
    assert TrainingClass.objects.get().closings == 1

    assert set(at_once(*[lambda who=who: who.post(f"{base}/certificates/", {}) for who in both])) == {302}
    serving.drain()
    assert office.post(f"{base}/certificates/", {}).status == 302
    serving.drain()
    assert Certificate.objects.count() == IssuedPaper.objects.count() == 2
    assert not Job.objects.exclude(state="done").exists()

    stale = other.post(f"/nominations/{Nomination.objects.order_by('pk')[0].pk}/move/", {"move": "return"})
    assert stale.status in {409, 422}
    assert office.post(f"{base}/reopen/", {"note": "演示"}).status == 302
    assert other.post(f"{base}/reopen/", {"note": "演示"}).status == 409
    assert sum(line.amount for line in Posting.objects.all()) == 0
    assert audit.verify() is None
