"""Django's registration of the room."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.orgs"
    label = "orgs"
    default_auto_field = "django.db.models.BigAutoField"
