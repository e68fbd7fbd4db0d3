"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.attendance"
    label = "attendance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes, flows, to-dos, sentences and background work register themselves when read."""
        for module in ("rules", "queries", "queries.grid", "actions", "sheets", "hooks"):
            import_module(f"keyuan.attendance.{module}")
