"""Django's registration of the room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
