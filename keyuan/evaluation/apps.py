"""Django's registration of the room."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"
