"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, flows, audit sentences, schedules, to-dos and hooks register when read.
REGISTERED = ("rules", "flows", "actions", "jobs", "todos", "hooks")


class HostingConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.hosting"
    label = "hosting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.hosting.{module}")
