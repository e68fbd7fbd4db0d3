"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in ("rules.access", "flows", "actions.making", "actions.studying", "hooks"):
            import_module(f"keyuan.learning.{module}")
