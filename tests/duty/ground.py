"""A school with societies, terms and the notice's rules, for the tests of duties."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from keyuan.duty import actions
from keyuan.duty.models import Duty
from keyuan.duty.queries import with_states
from keyuan.kernel.access import Actor, system_of
from keyuan.training.models import Session, TrainingClass
from tests import factories
from tests.terms import conftest as terms
from tests.terms.conftest import Ground as Terms

PDF = b"%PDF-1.4\n%%EOF\n"


@dataclass
class Ground(Terms):
    """The school of terms, which owes duties."""

    @property
    def system(self) -> Actor:
        return system_of(self.academy.school.pk)

    def open(self, on: date | None = None) -> int:
        return actions.open_duties(self.system, school=self.academy.school, on=on or timezone.localdate())

    def read(self, on: date | None = None) -> tuple[int, int]:
        return actions.recompute(self.system, school=self.academy.school, on=on or timezone.localdate())

    def duty(self, kind: str = "attend", who: int = 0, at: int = 0) -> Duty:
        rows = Duty.objects.filter(
            kind=kind, term__holder=self.people[who], term__organisation=self.societies[at]
        )
        return rows.order_by("-term__starts").select_related("term", "school")[0]

    def state(self, duty: Duty, on: date | None = None) -> str:
        return str(with_states(Duty.objects.filter(pk=duty.pk), on or timezone.localdate()).get().state)

    def coming(self, days: int = 40, **changed: Any) -> TrainingClass:
        """A class published, so many days from today."""
        return factories.published(
            self.academy, starts=timezone.localdate() + timedelta(days=days), **changed
        )

    def lecture(self, klass: TrainingClass, who: int = 0, **changed: Any) -> Session:
        return factories.session(
            self.academy, klass, teacher=self.people[who],
            **{"starts": time(9), "ends": time(11, 30), "hours": Decimal(4), **changed},
        )  # fmt: skip


def paper(name: str = "通知.pdf") -> SimpleUploadedFile:
    """Evidence: a small document."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def build(code: str = "gd") -> Ground:
    """Two societies, four people, the usual posts, and what the notice lays down."""
    made = terms.build(code)
    ground = Ground(made.academy, made.societies, made.people)
    actions.load_defaults(ground.office, school=ground.academy.school)
    return ground
