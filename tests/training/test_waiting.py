"""A class before its chain says which step it waits at."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import openpyxl
from django.test import Client

from keyuan.people.roles import Role
from keyuan.training.actions import approving, classes
from keyuan.training.queries.approving import waiting_words
from tests import factories
from tests.factories import Academy


def test_a_class_that_waits_says_at_which_step_of_its_chain_wherever_it_stands(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    factories.seat(academy, "leader", Role.LEADER)
    klass = factories.draft(academy, unplanned=True, unplanned_reason="上级临时部署")
    planned = factories.draft(academy, title="演示计划内班")
    for one in (klass, planned):
        classes.move_class(academy.registrar, training_class=one, move="submit")
    assert waiting_words([klass, planned]) == {klass.pk: "待部门审核", planned.pk: "待部门审批"}
    approving.decide_class(academy.actor("head"), training_class=klass, verdict="pass")
    assert waiting_words([klass]) == {klass.pk: "待校领导审批"}
    office = client_for(academy.seats["registrar"])
    for place in ("/classes/", f"/classes/{klass.pk}/", "/home/", f"/plan/activities/{academy.activity.pk}/"):
        assert "待校领导审批" in office.get(place).content.decode(), place
    shown = openpyxl.load_workbook(BytesIO(office.get("/classes/export/").content)).active
    assert shown is not None
    assert "待校领导审批" in {cell.value for row in shown.iter_rows() for cell in row}
    approving.decide_class(academy.actor("leader"), training_class=klass, verdict="approve")
    klass.refresh_from_db()
    assert waiting_words([klass]) == {}
    assert "待校领导审批" not in office.get(f"/classes/{klass.pk}/").content.decode()
