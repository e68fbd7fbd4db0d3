"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes, the flow, to-dos, sentences and the daily reminder register themselves when read."""
        for module in ("rules", "flows", "queries", "actions", "todos", "profile", "jobs"):
            import_module(f"keyuan.approvals.{module}")
