"""Django's registration of the room."""

from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.attendance"
    label = "attendance"
    default_auto_field = "django.db.models.BigAutoField"
