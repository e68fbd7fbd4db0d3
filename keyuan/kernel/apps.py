"""Django's registration of the room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The room as Django knows it."""

    name = "keyuan.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Checks, guards, schedules, scopes and mail register themselves when read."""
        from keyuan.kernel import calendarsheet, checks, erasure, files, mail, notify, saved, search, tick  # noqa: F401 - read for their registrations
        from keyuan.kernel.papers import sweeping  # noqa: F401 - as above
