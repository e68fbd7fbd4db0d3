"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, audit sentences, background work, to-dos and the tab on each class register when read.
REGISTERED = (
    "rules", "flows", "actions.giving", "actions.setting", "actions.handing_in", "actions.reading", "sheets", "jobs",
    "todos", "hooks",
)  # fmt: skip


class CourseworkConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.coursework"
    label = "coursework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.coursework.{module}")
