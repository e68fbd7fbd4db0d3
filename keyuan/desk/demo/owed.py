"""Duties of the demo's presidents and party secretaries in every state: proven, planned, claimed, waived, lapsed, overdue."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.desk.demo.terms_held import added_months
from keyuan.duty import actions
from keyuan.duty.models import Duty, Kind
from keyuan.duty.queries import outstanding
from keyuan.duty.queries.offers import offers
from keyuan.kernel.access import system_of
from keyuan.training.models import Session, TrainingClass

# A document of one page, small and openable, as evidence.
PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("演示活动通知.pdf", PAPER, content_type="application/pdf")


def _done_outside(cast: Cast, duties: list[Duty]) -> None:
    """One accepted, one waiting, one returned."""
    registrar, today = cast.actor("registrar"), timezone.localdate()
    for n, duty in enumerate(duties):
        if duty.term.holder_id == registrar.person_id:
            continue
        day = max(duty.term.starts, today - timedelta(days=40 + n))
        if n == 0:
            actions.prove(
                registrar, duty=duty, title="演示省级学会党建强会活动专题报告", held_on=day, place="演示科学馆", note="听众约 120 人",
                evidence=_paper(),
            )  # fmt: skip
            continue
        made = actions.claim(
            system_of(cast.school.pk),
            duty=duty,
            title="演示市科技工作者日主题报告",
            held_on=day,
            evidence=_paper(),
        )
        if n == 2:
            actions.decide(registrar, claim=made, accept=False, reason="材料里看不出主讲人，请补日程")


def _planned(cast: Cast, duties: list[Duty]) -> None:
    """Where a class or session to come fits: named for the duty, with letters for the first."""
    registrar, today = cast.actor("registrar"), timezone.localdate()
    for n, duty in enumerate(duties):
        choices = offers(duty, today)
        if not choices:
            continue
        kind, _sep, key = choices[n % len(choices)].value.partition(":")
        if kind == "class":
            plan = actions.plan(registrar, duty=duty, training_class=TrainingClass.objects.get(pk=key))
        else:
            plan = actions.plan(registrar, duty=duty, session=Session.objects.get(pk=key))
        if n < 3:
            actions.answer(registrar, duty=duty, yes=n != 1)
        if n % 2 == 0:
            actions.invite(registrar, plan=plan)


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: the notice's rules, the duties of the terms, and something of everything."""
    if Duty.objects.filter(school=cast.school).exists():
        return
    registrar, today = cast.actor("registrar"), timezone.localdate()
    actions.load_defaults(registrar, school=cast.school)
    actions.set_owed(
        registrar,
        facts={
            "kind": "attend", "organisation_kind": "city_association", "post_duty": "party_secretary", "owed": True,
            "since": added_months(today, -30), "acting": False, "months": 12, "basis": "演示：任职一年内参加一次培训",
        },
    )  # fmt: skip
    actions.open_duties(registrar, school=cast.school, on=today)
    actions.recompute(registrar, school=cast.school, on=today)
    owing = list(outstanding(cast.school.pk, today))
    lectures = [duty for duty in owing if duty.kind == Kind.LECTURE]
    attends = [duty for duty in owing if duty.kind == Kind.ATTEND]
    _done_outside(cast, lectures[:3])
    _planned(cast, attends[1:5] + lectures[4:7])
    if len(attends) > 6:
        actions.waive(registrar, duty=attends[6], reason="演示：任期内长期病休，经校务委员会同意")
    actions.remind(registrar, school=cast.school, on=today)
