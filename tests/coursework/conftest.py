"""A running class of three trainees, ready to be given and asked something."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from keyuan.coursework.actions import handing_in, setting
from keyuan.coursework.models import Submission, Task
from keyuan.kernel.access import Actor
from keyuan.people import guests
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TEXT = "科学家精神要落在一件件小事上。" * 4


def pdf(name: str = "讲稿.pdf", extra: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF + extra, "application/pdf")


@dataclass
class Ground:
    """The academy, its class and its trainees."""

    academy: Academy
    klass: TrainingClass
    rows: list[Nomination]

    @property
    def head_teacher(self) -> Actor:
        return self.academy.actor("headteacher")

    def trainee(self, place: int = 0) -> Actor:
        """As a personal link makes it."""
        return Actor(self.rows[place].person_id, self.academy.school.pk, None, frozenset({"trainee"}))

    def task(self, **changed: Any) -> Task:
        facts = {
            "kind": "reflection", "title": "学习心得", "words": "联系实际", "least": 20,
            "due_at": timezone.now() + timedelta(days=3), "required": False, **changed,
        }  # fmt: skip
        return setting.set_task(self.head_teacher, training_class=self.klass, facts=facts)

    def handed_in(self, task: Task, place: int = 0, text: str = TEXT, *, consent: bool = True) -> Submission:
        return handing_in.submit(
            self.trainee(place), task=task, nomination=self.rows[place], text=text, consent=consent
        )


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()


@pytest.fixture
def ground(academy: Academy) -> Ground:
    klass = factories.published(academy, (3, 1))
    factories.admitted(academy, klass, 3)
    rows = Nomination.objects.filter(training_class=klass).select_related("person", "training_class")
    return Ground(academy, klass, list(rows.order_by("pk")))


@pytest.fixture
def phone() -> Callable[[Nomination], Client]:
    """The phone of somebody who opened a personal link."""

    def make(row: Nomination) -> Client:
        client = Client()
        client.get(
            guests.link_for(row.person_id, "/coursework/mine/")
            .split("://", 1)[1]
            .partition("/")[2]
            .join(("/", ""))
        )
        return client

    return make
