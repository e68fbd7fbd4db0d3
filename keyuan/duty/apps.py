"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class DutyConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.duty"
    label = "duty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, audit sentences, background work, to-dos and what is held of a person register when read."""
        for module in (
            "rules.access", "rules.season_access", "actions", "actions.seasons", "actions.accepting", "jobs",
            "seasonjobs", "todos", "hooks",
        ):  # fmt: skip
            import_module(f"keyuan.duty.{module}")
