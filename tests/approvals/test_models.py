"""What the database refuses, whoever writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from keyuan.approvals.models import Chain, Decision, Delegation, Request, Step
from tests.approvals.conftest import Ground


def refused(write: Any) -> bool:
    try:
        with transaction.atomic():
            write()
    except DatabaseError:
        return True
    return False


def test_decisions_steps_and_chains_are_never_rewritten(ground: Ground) -> None:
    ground.said("head", ground.put())
    for model, change in ((Decision, {"note": "改"}), (Step, {"title": "改"}), (Chain, {"note": "改"})):
        assert refused(lambda model=model, change=change: model.objects.update(**change))
        assert refused(lambda model=model: model.objects.all()._raw_delete("default"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="INSERT OR REPLACE is SQLite's")
def test_nothing_pushes_out_a_decision_a_step_or_a_chain(ground: Ground) -> None:
    ground.said("head", ground.put())
    for model in (Decision, Step, Chain):
        columns = [field.column for field in model._meta.concrete_fields if field.name != "id"]
        names, table = ", ".join(f'"{column}"' for column in columns), model._meta.db_table
        last = model.objects.latest("pk").pk

        def push(table: str = table, names: str = names, last: int = last) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table} WHERE id = %s",  # noqa: S608 - column names from the model
                    [last],
                )

        assert refused(push), table
        assert model.objects.filter(pk=last).exists()


def test_a_chain_in_use_takes_no_further_step(ground: Ground) -> None:
    request = ground.put()
    assert refused(lambda: Step.objects.create(chain=request.chain, order=9, title="多", who="head"))


def test_the_database_knows_who_may_decide(ground: Ground) -> None:
    request = ground.put(6000)
    steps = list(request.chain.steps.all())
    people = {key: seat.person_id for key, seat in ground.academy.seats.items()}

    def said(step: Step, person: int, **more: Any) -> Any:
        return lambda: Decision.objects.create(
            request=request, step=step, person_id=person, **{"verdict": "passed"} | more
        )

    assert refused(said(steps[1], people["registrar"])), "out of turn"
    assert refused(said(steps[0], people["keeper"])), "the submitter"
    assert refused(said(steps[0], people["head"], verdict="returned")), "no reason"
    assert refused(said(steps[0], people["head"], verdict="maybe"))
    assert refused(said(steps[0], people["deputy"], on_behalf_of_id=people["head"])), "no delegation"
    request = ground.said("head", request, "pass")
    assert refused(said(steps[0], people["leader"])), "decided already"
    assert refused(said(steps[1], people["head"])), "the same person again"
    assert not refused(said(steps[1], people["registrar"]))


def test_a_request_stays_as_it_was_put(ground: Ground) -> None:
    request = ground.put()
    rows = Request.objects.filter(pk=request.pk)
    other = Step.objects.create(
        chain=Chain.objects.create(school=ground.academy.school, kind="x", version=1, starts=timezone.localdate()),
        order=1, title="别处", who="head",
    )  # fmt: skip
    for change in (
        {"facts": {"amount": "1"}},
        {"title": "改"},
        {"submitted_by_id": None},
        {"about_id": 7},
        {"step": other},
    ):
        assert refused(lambda change=change: rows.update(**change)), change
    ground.said("head", request)
    assert refused(lambda: rows.update(state="in_progress"))
    assert refused(lambda: rows.update(note="改"))


def test_delegations_overlap_nowhere_and_are_only_revoked(ground: Ground) -> None:
    today = timezone.localdate()
    head, deputy = (ground.academy.seats[key].person for key in ("head", "deputy"))

    def give(**more: Any) -> Any:
        facts = {"starts": today, "ends": today + timedelta(days=2), "delegate": deputy, "kind": ""} | more
        return lambda: Delegation.objects.create(school=ground.academy.school, principal=head, **facts)

    give()()
    assert refused(give())
    assert refused(give(kind="x"))
    assert refused(give(delegate=head, starts=today + timedelta(days=9), ends=today + timedelta(days=9)))
    assert refused(give(starts=today + timedelta(days=9)))
    assert refused(lambda: Delegation.objects.update(ends=today + timedelta(days=30)))
    Delegation.objects.update(revoked_at=timezone.now())
    assert refused(lambda: Delegation.objects.update(revoked_at=None))
    assert not refused(give(kind="x"))


@pytest.mark.parametrize(
    "wrong",
    [{"who": "role"}, {"who": "head", "role": "leader"}, {"who": "person"}, {"who": "post"}, {"who": "head", "fact": "x"},
     {"who": "head", "days": 0}, {"who": "head", "fact": "x", "test": "eval", "amount": 1}],
)  # fmt: skip
def test_a_step_names_its_decider_and_its_whole_condition(ground: Ground, wrong: dict[str, Any]) -> None:
    chain = Chain.objects.create(
        school=ground.academy.school, kind="x", version=1, starts=timezone.localdate()
    )
    assert refused(lambda: Step.objects.create(chain=chain, order=1, title="错", **wrong))
