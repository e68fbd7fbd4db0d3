"""Somebody holding the whole database, its logs and every backup cannot tell who wrote what."""

import hashlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, transaction

from keyuan.evaluation import actions
from keyuan.evaluation.models import Eligible, Form, Tally
from keyuan.evaluation.rules import urn

ROOM = ("evaluation_form", "evaluation_eligible", "evaluation_signingkey", "evaluation_urn", "evaluation_spent",
        "evaluation_tally", "evaluation_remark")  # fmt: skip


def mark_of(person) -> str:
    return f"记号{person.pk:05d}"


def all_vote(world, *, between=lambda: None) -> list:
    """Forty people answer in random order, each with a mark that the tester knows; order of issue = order of casting."""
    order = sorted(world.people, key=lambda person: hashlib.sha256(person.name.encode()).digest())
    for person in order:
        token = actions.issue_plainly(world.trainee(world.people.index(person)), form=world.form)
        given = {"relevance": "4", "theory": "3", "substance": "4", "delivery": "2", "manner": "4"}
        actions.cast(form_id=world.form.pk, token=token, given=given | {"advice": mark_of(person)})
        between()
    return order


def dump() -> dict[str, list[tuple]]:
    """Every row of the room as the tester reads it, in the order in which the database hands it out, with its innards."""
    innards = {"postgresql": "xmin::text, ctid::text, ", "sqlite": "rowid, "}[connection.vendor]
    found = {}
    with connection.cursor() as cursor:
        for table in ROOM:
            order = "ctid" if connection.vendor == "postgresql" else "rowid"
            cursor.execute(f"SELECT {innards}* FROM {table} ORDER BY {order}")  # noqa: S608 - our own table names
            found[table] = cursor.fetchall()
    return found


def marks(rows: list[tuple]) -> list[str]:
    """The marks in rows, in their order."""
    return [str(cell) for row in rows for cell in row if str(cell).startswith("记号")]


def guessed(order, remarks: list[str]) -> int:
    """How many the best guess by order gets right: the n-th text belongs to the n-th voter."""
    return sum(mark_of(person) == text for person, text in zip(order, remarks, strict=True))


def texts_after_a_closing_undone(world) -> list[str]:
    """The texts in the order in which the database keeps them after a closing that is then rolled back."""
    with transaction.atomic():
        actions.close(world.registrar, form=Form.objects.get())
        texts = marks(dump()["evaluation_remark"])
        transaction.set_rollback(True)
    return texts


def test_no_row_of_an_answer_points_at_a_person_and_no_column_holds_a_moment():
    for model in apps.get_app_config("evaluation").get_models():
        names = {field.name for field in model._meta.get_fields() if not field.auto_created}
        if model is not Eligible:
            assert "person" not in names
        kinds = {field.get_internal_type() for field in model._meta.concrete_fields}
        assert model is Form or not kinds & {"DateTimeField", "DateField", "TimeField"}, model


@pytest.mark.django_db(transaction=True)
def test_forty_known_marks_in_random_order_give_at_most_two_of_forty_to_a_tester(lasting_world):
    world = lasting_world
    world.open(40)
    snapshots: list[dict[str, list[tuple]]] = []
    order = all_vote(world, between=lambda: snapshots.append(dump()))
    # While the form is open, no snapshot after any single vote shows a mark or a counter.
    for snapshot in snapshots:
        text = repr(snapshot)
        assert "记号" not in text
        assert not snapshot["evaluation_tally"]
        assert not snapshot["evaluation_remark"]
    # The sealed lump never changes its size, so a vote with a text looks like one without.
    assert len({len(bytes(row[-1])) for snapshot in snapshots for row in snapshot["evaluation_urn"]}) == 1
    # Chance is 1 of 40. Twenty closings give a steady mean: beyond 2 it would be luck of one in 100,000.
    rounds = [texts_after_a_closing_undone(world) for _ in range(20)]
    for voters in (order, order[::-1], world.people):
        assert sum(guessed(voters, texts) for texts in rounds) / len(rounds) <= 2
    actions.close(world.registrar, form=Form.objects.get())
    after = dump()
    assert not after["evaluation_eligible"]
    assert not after["evaluation_spent"]
    texts = marks(after["evaluation_remark"])
    assert sorted(texts) == sorted(mark_of(person) for person in world.people)
    if connection.vendor == "postgresql":
        assert len({row[0] for row in after["evaluation_remark"]}) == 1
    assert Tally.objects.get(question="delivery", grade=2).count == 40
    assert Form.objects.get().answered == 40


@pytest.mark.django_db(transaction=True)
def test_the_files_of_sqlite_with_log_and_backups_hold_no_mark_before_close_and_no_key_after(
    lasting_world, tmp_path
):
    world = lasting_world
    world.open(40)
    backups: list[bytes] = []

    def back_up() -> None:
        if connection.vendor == "sqlite":
            target = sqlite3.connect(tmp_path / "copy.sqlite3")
            connection.connection.backup(target)
            target.close()
            backups.append((tmp_path / "copy.sqlite3").read_bytes())

    all_vote(world, between=back_up)
    for copy in backups:
        assert "记号".encode() not in copy
    old_urns = [row[-1] for row in dump()["evaluation_urn"]]
    actions.close(world.registrar, form=Form.objects.get())
    assert urn.kept_keys() == []
    with pytest.raises(urn.UrnLost):
        urn.unseal(world.form.pk, old_urns[0])
    shutil.rmtree(Path(django_settings.VAR) / "urns", ignore_errors=True)


@pytest.mark.django_db(transaction=True)
def test_forty_people_cast_forty_votes_and_no_replay_adds_one(lasting_world):
    world = lasting_world
    world.open(40)
    given = {"relevance": "4", "theory": "3", "substance": "4", "delivery": "2", "manner": "1"}
    tokens = [actions.issue_plainly(world.trainee(n), form=world.form) for n in range(40)]
    outcomes = [actions.cast(form_id=world.form.pk, token=token, given=given) for token in tokens * 3]
    assert (outcomes.count("counted"), outcomes.count("already")) == (40, 80)
    assert actions.close(world.registrar, form=Form.objects.get()).answered == 40
