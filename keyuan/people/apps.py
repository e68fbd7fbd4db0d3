"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, own exports, sheets and what the clock does register when read.
REGISTERED = (
    "rules", "rules.availability", "actions.merging", "actions.availability", "sheets.availability", "jobs",
    "todos",
)  # fmt: skip


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.people.{module}")
