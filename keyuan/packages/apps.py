"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class PackagesConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.packages"
    label = "packages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights register themselves when read."""
        import_module("keyuan.packages.rules.access")
