"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights and scopes register themselves when read."""
        import_module("keyuan.people.rules")
        import_module("keyuan.people.actions.merging")
