"""Django's registration of the room."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"
