"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, audit sentences and what the clock does register when read.
REGISTERED = ("rules", "actions.letters", "jobs")


class DeskConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.desk.{module}")
