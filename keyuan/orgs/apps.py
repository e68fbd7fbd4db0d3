"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.orgs"
    label = "orgs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes and audit sentences register themselves when read."""
        import_module("keyuan.orgs.rules")
        import_module("keyuan.orgs.actions")
