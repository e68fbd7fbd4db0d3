"""A migration's new model is drawn alone, and what is drawn is still what Django would have drawn."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import migrations, models
from django.db.migrations.state import ProjectState

from keyuan.kernel.operations import CreateModel


def _key() -> tuple[str, Any]:
    return ("id", models.BigAutoField(primary_key=True))


def _walked(create: type[migrations.CreateModel]) -> ProjectState:
    """Two units, a member of one, a paper of the member and the unit; the unit then gets another column."""
    state = ProjectState()
    assert not list(state.apps.get_models())
    operations = [
        create("Unit", [_key()]),
        create(
            "Member", [_key(), ("unit", models.ForeignKey("orgs.Unit", models.PROTECT, related_name="all"))]
        ),
        create(
            "Paper",
            [
                _key(),
                ("by", models.ManyToManyField("orgs.Member")),
                ("follows", models.ForeignKey("self", models.CASCADE, null=True)),
                ("unit", models.ForeignKey("orgs.Unit", models.CASCADE)),
            ],
        ),
        migrations.AddField("Unit", "head", models.ForeignKey("orgs.Member", models.PROTECT, null=True)),
        migrations.AddField("Unit", "name", models.CharField(max_length=9, default="")),
    ]
    for operation in operations:
        operation.state_forwards("orgs", state)
    state.clear_delayed_apps_cache()
    return state


def _drawn(state: ProjectState) -> list[tuple[str, str, str | None, bool]]:
    """Each column with what it points at, and whether that is the class now drawn and no older one."""
    current = state.apps.get_models(include_auto_created=True)
    return sorted(
        (
            model.__name__,
            field.name,
            getattr(field.related_model, "__name__", None),
            field.related_model is None or field.related_model in current,
        )
        for model in current
        for field in model._meta.get_fields(include_hidden=True)
    )


def test_what_is_drawn_is_what_django_draws_and_nothing_points_at_an_older_drawing() -> None:
    ours = _drawn(_walked(CreateModel))
    assert ours == _drawn(_walked(migrations.CreateModel))
    assert ("Member", "unit", "Unit", True) in ours
    assert ("Unit", "paper", "Paper", True) in ours
    assert all(is_current for *_, is_current in ours)


def test_only_the_new_model_is_drawn() -> None:
    state = ProjectState()
    assert not list(state.apps.get_models())
    CreateModel("Unit", [_key()]).state_forwards("orgs", state)
    unit = state.apps.get_model("orgs", "Unit")
    CreateModel("Member", [_key(), ("unit", models.ForeignKey("orgs.Unit", models.PROTECT))]).state_forwards(
        "orgs", state
    )
    assert state.apps.get_model("orgs", "Unit") is unit
    assert state.apps.get_model("orgs", "Member")._meta.get_field("unit").related_model is unit


def test_every_room_makes_its_tables_with_it() -> None:
    wrong = [
        f"{module.__name__}: {operation.name}"
        for room in apps.get_app_configs()
        if room.name.startswith("keyuan.")
        for module in _migrations(room.name)
        for operation in module.Migration.operations
        if type(operation) is migrations.CreateModel
    ]
    assert wrong == [], "CreateModel 请用 keyuan.kernel.operations 的"


def _migrations(room: str) -> list[Any]:
    if find_spec(f"{room}.migrations") is None:
        return []
    folder = import_module(f"{room}.migrations")
    return [import_module(f"{folder.__name__}.{each.name}") for each in pkgutil.iter_modules(folder.__path__)]
