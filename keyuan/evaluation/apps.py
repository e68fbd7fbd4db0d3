"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes, flows and audit sentences register themselves when read."""
        import_module("keyuan.evaluation.rules")
        import_module("keyuan.evaluation.actions")
