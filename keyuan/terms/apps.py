"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class TermsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.terms"
    label = "terms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, audit sentences, the import, to-dos and what is held of a person register when read."""
        for module in ("rules", "actions", "sheets", "todos", "hooks"):
            import_module(f"keyuan.terms.{module}")
