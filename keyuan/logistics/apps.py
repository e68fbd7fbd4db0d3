"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, audit sentences, sheets, background work, to-dos and the tab on each class register when read.
REGISTERED = (
    "rules", "actions.arranging", "actions.grouping", "actions.posts", "actions.lodging", "actions.riding",
    "actions.seating", "actions.dining", "actions.answering", "actions.purging", "sheets.incoming", "jobs", "todos", "hooks",
)  # fmt: skip


class LogisticsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.logistics"
    label = "logistics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.logistics.{module}")
