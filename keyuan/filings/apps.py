"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, the flows, audit sentences, the sheets, reminders, to-dos and hooks register when read.
REGISTERED = ("rules", "flows", "actions", "sheets", "jobs", "todos", "hooks")


class FilingsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.filings"
    label = "filings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.filings.{module}")
