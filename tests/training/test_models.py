"""What the database itself refuses, whoever writes past the application."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from keyuan.credits.models import Posting
from keyuan.kernel.models import AuditEntry
from keyuan.training.actions import closing
from keyuan.training.models import Completion
from tests import factories
from tests.factories import Academy

ILLEGAL = [
    "UPDATE training_trainingclass SET taken = places + 1",
    "UPDATE training_trainingclass SET places = 0",
    "UPDATE training_trainingclass SET state = 'lost'",
    "UPDATE training_trainingclass SET ends = '2000-01-01'",
    "UPDATE training_trainingclass SET nominate_by = '2100-01-01'",
    "UPDATE training_trainingclass SET head_teacher_id = 999999",
    "UPDATE training_quotashare SET used = places + 1",
    "UPDATE training_quotashare SET organisation_id = (SELECT MIN(organisation_id) FROM training_quotashare)",
    "UPDATE training_nomination SET state = 'lost'",
    "UPDATE training_nomination SET person_id = (SELECT MIN(person_id) FROM training_nomination)",
    "UPDATE training_session SET ends = starts",
    "UPDATE training_session SET hours = 5",
    "UPDATE training_session SET hours = -1",
    "UPDATE training_completion SET closing = 1, nomination_id = (SELECT MIN(nomination_id) FROM training_completion)",
    "DELETE FROM people_person",
    "UPDATE people_seat SET organisation_id = NULL WHERE role = 'liaison'",
    "UPDATE people_seat SET role = 'auditor', person_id = (SELECT MIN(person_id) FROM people_seat)",
    "UPDATE people_seat SET ends = '2000-01-01'",
    "UPDATE people_account SET email = NULL, phone_index = NULL",
    "UPDATE people_person SET id_index = 'same'",
    "UPDATE attendance_checkin SET verdict = 'lost'",
    "UPDATE attendance_expected SET person_id = (SELECT MIN(person_id) FROM attendance_expected)",
    "UPDATE credits_posting SET amount = 100",
    "DELETE FROM credits_posting",
    "UPDATE credits_lot SET hours = 100",
    "UPDATE credits_balance SET amount = -1",
    "UPDATE kernel_auditentry SET action = 'nothing'",
    "DELETE FROM kernel_auditentry",
]


@pytest.fixture
def closed(academy: Academy) -> Academy:
    klass = factories.taught(academy, ("4", "4"), trainees=2)
    factories.attend(academy, klass)
    closing.close_class(academy.registrar, training_class=klass)
    other = factories.published(academy, (1, 1))
    factories.nominee(academy, other)
    return academy


def test_every_illegal_statement_is_refused_by_the_database(closed: Academy) -> None:
    before = _state()
    let_through = []
    for statement in ILLEGAL:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                # Foreign keys are deferred to the end of the transaction.
                connection.check_constraints()
        except DatabaseError:
            continue
        let_through.append(statement)
    assert let_through == []
    assert _state() == before


def _state() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values_list())
        for model in (Posting, AuditEntry, Completion)
    ]


def test_an_audit_line_is_not_replaced_by_inserting_over_it(closed: Academy) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    columns = [field.column for field in AuditEntry._meta.concrete_fields]
    names = ", ".join(columns)
    statement = (
        f"INSERT OR REPLACE INTO kernel_auditentry ({names}) SELECT {names} FROM kernel_auditentry LIMIT 1"  # noqa: S608 - column names of our own model
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
