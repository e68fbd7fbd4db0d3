"""Every address of the project with real values in it, and who may be sent there."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from keyuan.approvals.models import Delegation, Request
from keyuan.attendance.models import Claim, DoorRecord, Expected, Leave, SheetPhoto, Sitting
from keyuan.attendance.rules import codes
from keyuan.coursework.models import Enclosure, Material, Submission, Task
from keyuan.credits.models import Certificate, CertificateTemplate
from keyuan.duty.models import Acceptance, CountingRule, Duty, DutyClaim, Proof, Proposal, Season, Theme
from keyuan.evaluation.models import Form
from keyuan.fees.models import BudgetVersion, FeeStandard, LectureFee
from keyuan.filings.models import Demonstration, Filing, Frame, Line, Outcome
from keyuan.hosting.models import CoHost, Lecturer, Member, Rota, Swap, Turn
from keyuan.hosting.models import Exemption as HostingExemption
from keyuan.hosting.models import Task as HostTask
from keyuan.kernel import links
from keyuan.kernel.models import (
    Batch,
    BatchRow,
    DocNumber,
    DocSeries,
    IssuedPaper,
    Job,
    Message,
    SavedView,
    StoredFile,
)
from keyuan.learning.models import Course, Edition, Unit
from keyuan.learning.models import Item as LearningItem
from keyuan.orgs.models import Organisation
from keyuan.people import guests
from keyuan.people.models import Account, Availability, Merge, Person, Seat
from keyuan.plan.models import AnnualPlan, KeyActivity, Milestone, PlanProposal
from keyuan.rotation.models import (
    CohortLabel,
    CohortMember,
    Exemption,
    ListedPerson,
    QuotaDraw,
    Regime,
    Requirement,
)
from keyuan.supervision.models import Digest, Evidence, Item, Postponement
from keyuan.terms.models import Change, Post, Term
from keyuan.training import feeds, papers
from keyuan.training.models import Nomination, Session, Stop, TimetableVersion, TrainingClass

# Addresses that hold one number: the longest matching start names the model the number belongs to.
NUMBERED: dict[str, type[Model]] = {
    "duties/seasons/": Season, "duties/proposals/": Proposal, "duties/acceptances/": Acceptance,
    "duties/drop-out/": Duty, "duties/themes/": Theme,
    "supervision/": Item, "supervision/digests/": Digest, "supervision/evidence/": Evidence,
    "supervision/postponements/": Postponement,
    "filings/": Frame, "filings/units/": Filing, "filings/lines/": Line, "filings/outcomes/": Outcome,
    "filings/demonstrations/": Demonstration, "filings/imports/": Batch,
    "duties/": Duty, "duties/people/": Person, "duties/claims/": DutyClaim, "duties/proofs/": Proof,
    "duties/rules/counting/": CountingRule,
    "terms/": Term, "terms/organisations/": Organisation, "terms/changes/": Change, "terms/posts/": Post,
    "approvals/": Request, "approvals/delegations/": Delegation,
    "attendance/claims/": Claim, "attendance/photos/": SheetPhoto, "attendance/lines/": Expected, "attendance/door-records/": DoorRecord,
    "attendance/leaves/": Leave, "attendance/": Sitting, "credits/people/": Person,
    "credits/certificates/": Certificate, "credits/templates/": CertificateTemplate, "numbers/": DocNumber,
    "numbers/series/": DocSeries, "photos/": StoredFile, "evaluation/": Form, "urn/": Form, "batches/": Batch, "batch-rows/": BatchRow,
    "jobs/": Job, "inbox/": Message, "files/": StoredFile, "views/": SavedView, "organisations/": Organisation,
    "people/": Person, "people/merges/": Merge, "seats/": Seat, "plan/activities/": KeyActivity, "plan/milestones/": Milestone, "plan/proposals/": PlanProposal, "activities/": KeyActivity,
    "availability/": Person, "availability/rows/": Availability,
    "fees/standards/": FeeStandard, "fees/slips/": LectureFee, "fees/mine/": LectureFee,
    "coursework/tasks/": Task, "coursework/enclosures/": Enclosure, "coursework/submissions/": Submission,
    "coursework/materials/": Material, "coursework/sessions/": Session,
    "hosting/": Rota, "hosting/turns/": Turn, "hosting/members/": Member, "hosting/exemptions/": HostingExemption,
    "hosting/swaps/": Swap, "hosting/co-hosts/": CoHost, "hosting/lecturers/": Lecturer, "hosting/tasks/": HostTask,
    "learning/courses/": Course, "learning/editions/": Edition, "learning/items/": LearningItem, "learning/units/": Unit,
    "my/classes/": TrainingClass, "my/teaching/": Session,
    "rotation/requirements/": Requirement, "rotation/exemptions/": Exemption, "rotation/draws/": QuotaDraw,
    "rotation/listed/": ListedPerson, "rotation/regimes/": Regime, "rotation/classes/": TrainingClass,
    "rotation/labels/": CohortLabel, "rotation/members/": CohortMember,
    "classes/": TrainingClass, "nominations/": Nomination, "sessions/": Session, "stops/": Stop, "timetable-imports/": Batch,
}  # fmt: skip


def _plans(tail: str) -> list[tuple[str, Any]]:
    """A page of every year's plan that was issued where it asks for a document, of any year else."""
    rows = AnnualPlan.objects.exclude(number="") if "official/" in tail[:-1] else AnnualPlan.objects.all()
    return [(f"plan/{plan.year}/{tail}", plan) for plan in rows]


TITLES = ("title", "name", "holder_name")


@dataclass(frozen=True)
class Place:
    """One address: its pattern, its view, and values that fill it."""

    route: str
    view: Any
    path: str
    thing: Model | None = None

    @property
    def is_public(self) -> bool:
        return bool(getattr(self.view, "is_public", False))

    @property
    def is_own(self) -> bool:
        return bool(getattr(self.view, "is_own", False))

    @property
    def title(self) -> str:
        """Words that only somebody who may see the thing should read."""
        thing: Any = self.thing
        thing = getattr(thing, "person", thing)
        return next((str(getattr(thing, name)) for name in TITLES if getattr(thing, name, "")), "")


def patterns() -> Iterator[tuple[str, Any]]:
    """Every route of the project's own rooms with its view; what allauth brings is allauth's."""

    def below(found: Iterable[Any], start: str) -> Iterator[tuple[str, Any]]:
        for each in found:
            route = start + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from below(each.url_patterns, route)
            elif isinstance(each, URLPattern):
                yield route, each.callback

    return ((route, view) for route, view in below(get_resolver().url_patterns, "") if not _is_foreign(route))


def _is_foreign(route: str) -> bool:
    return route.startswith("accounts/")


def _spread(model: type[Model], most: int) -> list[Model]:
    """A few things of a model, one a state where it has states."""
    rows = model._default_manager.order_by("pk")
    if any(field.name == "state" for field in model._meta.fields):
        keys = {row["state"]: row["pk"] for row in rows.values("state", "pk")}
        return list(rows.filter(pk__in=keys.values())[:most])
    return list(rows[:most])


def _by_token() -> dict[str, Callable[[], list[tuple[str, Model | None]]]]:
    """The addresses whose value is not just a number."""
    sitting, person = Sitting.objects.order_by("-pk").first(), Person.objects.filter(account=None).first()
    account, klass = Account.objects.first(), TrainingClass.objects.filter(state="closed").first()
    taught = Session.objects.exclude(teacher=None).first()
    paper = IssuedPaper.objects.first()
    invitations = list(IssuedPaper.objects.filter(kind="duty-invitation")[:1])
    assert None not in (sitting, person, account, klass, taught, paper)
    teach = links.make("training.teach", session=taught.pk, person=taught.teacher_id)
    return {
        "s/<int:pk>/<str:token>/": lambda: [(f"s/{sitting.pk}/{codes.room_token(sitting.pk)}/", None)],
        "attendance/of/<str:label>/<int:owner_id>/": lambda: [(f"attendance/of/training.class/{klass.pk}/", klass)],
        "attendance/of/<str:label>/<int:owner_id>/export/": lambda: [
            (f"attendance/of/training.class/{klass.pk}/export/", klass)
        ],
        "attendance/of/<str:label>/<int:owner_id>/leave/": lambda: [
            (f"attendance/of/training.class/{klass.pk}/leave/", klass)
        ],
        "activate/<str:token>/": lambda: [
            (f"activate/{links.make('account.activate', account=account.pk, stamp=account.password[-12:])}/", None)
        ],
        "g/<str:token>/": lambda: [(guests.link_for(person.pk, "/attendance/mine/").split("/", 3)[3], None)],
        "approvals/chains/<str:kind>/": lambda: [("approvals/chains/training.class/", None)],
        "plan/<int:year>/": lambda: [(f"plan/{p.year}/", p) for p in AnnualPlan.objects.all()],
        "plan/<int:year>/wall/": lambda: [(f"plan/{p.year}/wall/", p) for p in AnnualPlan.objects.all()],
        "plan/<int:year>/wall/export/": lambda: [(f"plan/{p.year}/wall/export/", p) for p in AnnualPlan.objects.all()],
        "plan/<int:year>/begin/": lambda: [(f"plan/{p.year}/begin/", p) for p in AnnualPlan.objects.all()],
        **{
            f"plan/<int:year>/{tail}": partial(_plans, tail)
            for tail in (
                "official/", "official/pdf/", "official/docx/", "submit/", "issue/", "file/", "record/", "propose/", "change/",
                "proposals/", "proposals/export/", "changes/", "changes/export/",
            )
        },
        "plan/<int:year>/export/": lambda: [(f"plan/{p.year}/export/", p) for p in AnnualPlan.objects.all()],
        "duties/letters/<int:pk>/pdf/": lambda: [(f"duties/letters/{row.pk}/pdf/", row) for row in invitations],
        "duties/letters/<int:pk>/docx/": lambda: [(f"duties/letters/{row.pk}/docx/", row) for row in invitations],
        "verify/<str:code>/": lambda: [(f"verify/{paper.verify_code}/", None)],
        "calendar/<str:token>.ics": lambda: [(f"calendar/{feeds.token_of(person.pk)}.ics", None)],
        "teach/<str:token>/": lambda: [(f"teach/{teach}/", None)],
        "classes/<int:pk>/fees/versions/<int:number>/": lambda: [
            (f"classes/{row.budget.training_class_id}/fees/versions/{row.number}/", row.budget.training_class)
            for row in BudgetVersion.objects.select_related("budget__training_class")[:2]
        ],
        "classes/<int:pk>/timetable/versions/<int:number>/": lambda: [
            (f"classes/{row.training_class_id}/timetable/versions/{row.number}/", row.training_class)
            for row in TimetableVersion.objects.select_related("training_class")[:2]
        ],
        "classes/<int:pk>/papers/<slug:kind>/": lambda: [
            (f"classes/{klass.pk}/papers/{kind.kind}/", klass) for kind in papers.KINDS
        ],
    }  # fmt: skip


def places(most: int = 2) -> list[Place]:
    """Every route filled with up to `most` things, and each token's address. A route nobody can fill is a KeyError."""
    special = _by_token()
    found = []
    for route, view in patterns():
        if "<" not in route:
            # An empty search asks nothing.
            found.append(Place(route, view, "/search/?q=演示" if route == "search/" else f"/{route}"))
        elif route in special:
            found += [Place(route, view, f"/{path}", thing) for path, thing in special[route]()]
        else:
            start = route.split("<", 1)[0]
            model = NUMBERED[start]
            things = _spread(model, most)
            assert things, f"the demo has no {model._meta.label}"
            holder = route[route.index("<") : route.index(">") + 1]
            found += [Place(route, view, "/" + route.replace(holder, str(row.pk)), row) for row in things]
    return found


def sign_in(seat: Seat) -> Client:
    """A client in a seat; what breaks is an answer 500, as in service."""
    client = Client(raise_request_exception=False)
    client.force_login(seat.person.account)
    session = client.session
    session["seat"] = seat.pk
    session.save()
    return client


def visit(ask: Callable[[str], Any], path: str) -> tuple[Any, str]:
    """The answer and its body as text, JSON escapes read so that a title cannot hide in one; files are closed."""
    answer = ask(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = str(body.decode("utf-8", "replace"))
    try:
        return answer, json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return answer, text
