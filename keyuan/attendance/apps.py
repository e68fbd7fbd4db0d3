"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.attendance"
    label = "attendance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes, flows and audit sentences register themselves when read."""
        import_module("keyuan.attendance.rules")
        import_module("keyuan.attendance.actions")
