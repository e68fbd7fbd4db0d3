"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class RotationConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.rotation"
    label = "rotation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, audit sentences, the import and what is held of a person register when read."""
        for module in ("rules", "actions", "actions.following", "sheets", "hooks"):
            import_module(f"keyuan.rotation.{module}")
