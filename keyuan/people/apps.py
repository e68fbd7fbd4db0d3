"""Django's registration of the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
