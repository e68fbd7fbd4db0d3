"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig


class PlanConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.plan"
    label = "plan"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Rights, scopes and audit sentences register themselves when read."""
        import_module("keyuan.plan.rules")
        import_module("keyuan.plan.rules.official")
        import_module("keyuan.plan.actions")
        import_module("keyuan.plan.hooks")
        import_module("keyuan.plan.todos")
