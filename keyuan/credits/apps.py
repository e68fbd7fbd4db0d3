"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class CreditsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.credits"
    label = "credits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes, sentences, notices, to-dos and background work register themselves when read."""
        for module in ("rules", "queries.waiting", "actions", "actions.following", "jobs", "doctor", "hooks"):
            import_module(f"keyuan.credits.{module}")
