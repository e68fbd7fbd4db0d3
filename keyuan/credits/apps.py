"""Django's registration of the room."""

from django.apps import AppConfig


class CreditsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.credits"
    label = "credits"
    default_auto_field = "django.db.models.BigAutoField"
