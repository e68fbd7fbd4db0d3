"""Django's registration of the room."""

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"
