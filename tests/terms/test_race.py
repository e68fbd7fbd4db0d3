"""Two registrars at once: one holder, one step, on both databases."""

from datetime import date, timedelta

import pytest

from keyuan.kernel import audit
from keyuan.kernel.faults import Fault
from keyuan.terms import actions
from keyuan.terms.models import Change, Term
from tests.terms.conftest import START, Ground, build
from tests.training.test_race import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    return build()


def test_two_elected_at_once_are_one_holder(ground: Ground) -> None:
    given = at_once(*[lambda who=who: ground.elect(who) for who in range(4)])
    assert sum(isinstance(each, Fault) for each in given) == 3
    assert Term.objects.filter(ends=None, withdrawn_at=None).count() == 1
    assert Change.objects.count() == 1
    assert audit.verify() is None


def test_a_term_is_replaced_once_and_a_step_taken_back_once(ground: Ground) -> None:
    term = ground.elect()
    given = at_once(
        *[
            lambda who=who: actions.replace(
                ground.office, term=term, holder=ground.people[who], on=date(2012, 1, 1) + timedelta(days=who)
            )
            for who in (1, 2, 3)
        ]
    )
    assert sum(isinstance(each, Fault) for each in given) == 2
    change = Change.objects.order_by("-pk")[0]
    given = at_once(*[lambda: actions.undo(ground.office, change=change)] * 3)
    assert sum(isinstance(each, Fault) for each in given) == 2
    assert Term.objects.get(withdrawn_at=None).ends is None
    assert term.starts == START
