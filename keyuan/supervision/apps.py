"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, the flow, sources and proofs, audit sentences, the import, schedules, to-dos and hooks register when read.
REGISTERED = (
    "rules",
    "queries.from_plan",
    "queries.from_duty",
    "queries.from_filings",
    "queries.from_hosting",
    "queries.from_papers",
    "flows",
    "actions",
    "sheets",
    "jobs",
    "todos",
    "hooks",
)


class SupervisionConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.supervision"
    label = "supervision"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.supervision.{module}")
