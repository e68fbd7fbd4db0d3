"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, flows, audit sentences, to-dos and the tab on each class register when read.
REGISTERED = (
    "rules", "flows", "actions.standards", "actions.budgets", "actions.settling", "actions.approving",
    "actions.lectures", "actions.payees", "todos", "hooks",
)  # fmt: skip


class FeesConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.fees"
    label = "fees"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.fees.{module}")
