"""Closing a class: what is missing refuses it, and pressed twice it closes once."""

import pytest

from keyuan.kernel.faults import Fault
from keyuan.training.actions import closing
from keyuan.training.models import Completion
from tests.faults.ground import build, finish


@pytest.mark.django_db
def test_an_unfinished_class_is_not_closed() -> None:
    ground = build()
    with pytest.raises(Fault):
        closing.close_class(ground.office, training_class=ground.held)
    assert not Completion.objects.exists()


@pytest.mark.django_db
def test_closing_twice_completes_once() -> None:
    ground = build()
    finish(ground)
    done = [closing.close_class(ground.office, training_class=ground.held) for _ in range(2)]
    assert done == [2, 2]
    assert Completion.objects.count() == 2
