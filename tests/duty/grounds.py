"""A school with terms, duties, classes and sessions for seasons, put down in bulk: fixed days of a far year."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from keyuan.duty.actions import seasons as actions
from keyuan.duty.models import Duty, Season, Theme
from keyuan.kernel.access import Actor
from keyuan.kernel.models import Job
from keyuan.kernel.worker import Worker
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms.models import Post, Term
from keyuan.training.models import Session, TrainingClass
from tests import factories
from tests.factories import Academy

YEAR = 2035


@dataclass
class Ground:
    """The school, its season, and who holds which term."""

    academy: Academy
    season: Season
    terms: list[Term]
    classes: list[TrainingClass]
    sessions: list[Session]

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    def worked(self) -> None:
        """Do all background work that waits for a proposal."""
        worker = Worker("test")
        for job in Job.objects.filter(kind="duty.solve", state=Job.State.QUEUED):
            taken = worker.claim()
            assert taken is not None
            assert taken.pk == job.pk
            worker.run(taken)


def _term(academy: Academy, post: Post, n: int, **facts: Any) -> Term:
    society = Organisation.objects.create(
        school=academy.school, kind="society", name=f"演示省第{n}学会", order=n,
        field_or_region=facts.pop("field", "理科"), city_code=facts.pop("city", ""),
    )  # fmt: skip
    holder = Person.objects.create(
        school=academy.school, name=f"演示理事长{n}", organisation=society, demo=True
    )
    given: dict[str, Any] = {
        "starts": date(YEAR - 2, 1, 1),
        "due": date(YEAR + 2, 12, 31),
        "number": 1,
        **facts,
    }
    return Term.objects.create(
        school=academy.school, organisation=society, post=post, holder=holder, began="elected", **given
    )


def build(leaders: list[dict[str, Any]], classes: list[dict[str, Any]], code: str = "gd") -> Ground:
    """Leaders as facts of terms, classes as days, places, venue and the themes of their open sessions."""
    academy = factories.build(code)
    post = Post.objects.create(school=academy.school, kind="society", duty="president", name="理事长")
    terms = [_term(academy, post, n, **facts) for n, facts in enumerate(leaders, 1)]
    Duty.objects.bulk_create(
        Duty(school=academy.school, term=term, kind=kind) for term in terms for kind in ("attend", "lecture")
    )
    for name in ("甲题", "乙题"):
        Theme.objects.create(school=academy.school, name=name, fields="理科" if name == "甲题" else "工科")
    made, sessions = [], []
    for n, facts in enumerate(classes, 1):
        starts: date = facts["starts"]
        klass = TrainingClass.objects.create(
            school=academy.school, activity=academy.activity, department=academy.department, title=f"演示第{n}班",
            starts=starts, ends=starts + timedelta(days=1), nominate_by=starts, venue=facts.get("venue", "广州"),
            head_teacher=academy.seats["headteacher"].person, places=facts.get("places", 2), audience="演示",
            hours=Decimal(8), state="published",
        )  # fmt: skip
        made.append(klass)
        for at, title in enumerate(facts.get("titles", ())):
            sessions.append(
                Session.objects.create(
                    training_class=klass, school=academy.school, title=title, date=starts + timedelta(days=at % 2),
                    half="am" if at < 2 else "pm", starts=time(9 if at < 2 else 14), ends=time(11 if at < 2 else 16),
                    hours=Decimal(2),
                )
            )  # fmt: skip
    season = actions.save_season(
        academy.registrar, season=None,
        facts={"title": "演示排期", "starts": date(YEAR, 1, 1), "ends": date(YEAR, 12, 31), "seconds": 20},
    )  # fmt: skip
    return Ground(academy, season, terms, made, sessions)
