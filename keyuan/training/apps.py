"""Django's registration of the room."""

from importlib import import_module

from django.apps import AppConfig

# Rights, flows, audit sentences, background work and what the rooms below ask of this one register when read.
REGISTERED = (
    "rules", "rules.staff", "flows", "actions.approving", "actions.classes", "actions.closing", "actions.nominations", "actions.timetable", "actions.versions", "rules.papers", "actions.writing",
    "actions.inviting", "actions.life", "actions.journeys", "actions.importing",
    "sheets.nominations", "sheets.incoming", "jobs", "hooks", "todos", "doctor",
)  # fmt: skip


class TrainingConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.training"
    label = "training"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read what registers itself, so that a worker without urls knows it too."""
        for module in REGISTERED:
            import_module(f"keyuan.training.{module}")
