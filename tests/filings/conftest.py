"""A province with a frame out to two cities, three societies and a sub-school that has a Keyuan of its own."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from keyuan.filings import actions
from keyuan.filings.actions.filing import LineFacts, OutcomeFacts
from keyuan.filings.actions.frames import FrameFacts
from keyuan.filings.models import Filing, Frame, Line, Outcome
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.roles import Role
from keyuan.plan.models import AnnualPlan
from tests import factories
from tests.factories import Academy

TYPES = ("培训班", "论坛")
# A year that is over, so that what was held in it was held whenever the tests run.
YEAR = 2025


def facts_of(**changed: Any) -> FrameFacts:
    """A frame of this year whose plans are due in twenty days."""
    today = timezone.localdate()
    facts: dict[str, Any] = {
        "year": YEAR, "title": "演示统筹要求", "asked": "请报年度活动计划。", "plan_by": today + timedelta(days=20),
        "result_by": today + timedelta(days=200), "kinds": ("city_association", "society", "school"), "types": TYPES,
    }  # fmt: skip
    return FrameFacts(**{**facts, **changed})


@dataclass
class Ground:
    """The school, its units and the frame."""

    academy: Academy
    societies: list[Organisation]
    frame: Frame
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    @property
    def liaison(self) -> Actor:
        """Who files for the first city."""
        return self.academy.actor("liaison")

    def filing(self, unit: Organisation | None = None) -> Filing:
        at = unit or self.academy.units[0]
        return Filing.objects.select_related("frame__school", "organisation").get(
            frame=self.frame, organisation=at
        )

    def line(
        self, name: str = "演示提升班", actor: Actor | None = None, filing: Filing | None = None, **facts: Any
    ) -> Line:
        kind = self.frame.types.get(name=facts.pop("type", "培训班"))
        given = {"month": 5, "days": Decimal(2), "people": 60, **facts}
        return actions.filing.save_line(
            actor or self.liaison, filing=filing or self.filing(), facts=LineFacts(name, kind, **given)
        )

    def outcome(self, name: str = "演示提升班", on: date = date(YEAR, 5, 12), **facts: Any) -> Outcome:
        kind = self.frame.types.get(name="培训班")
        given = {"hours": Decimal(16), "cadre": 40, "leading_talent": 5, **facts}
        return actions.filing.save_outcome(
            self.liaison, filing=self.filing(), facts=OutcomeFacts(name, kind, on, **given)
        )

    def move(
        self, name: str, part: str = "plan", actor: Actor | None = None, note: str = "", **at: Any
    ) -> Filing:
        office = name in {"receive", "accept", "return", "exempt", "require"}
        who = actor or (self.office if office else self.liaison)
        actions.moving.move_filing(who, filing=self.filing(**at), part=part, move=name, note=note)
        return self.filing(**at)


def build(code: str = "gd", **changed: Any) -> Ground:
    academy = factories.build(code)
    Organisation.objects.filter(pk=academy.units[0].pk).update(city_code="440100", field_or_region="珠三角")
    societies = [
        Organisation.objects.create(
            school=academy.school, kind="society", name=f"演示省{name}学会", order=n, field_or_region=of,
            city_code="440100" if n == 1 else "",
        )
        for n, (name, of) in enumerate((("数学", "理科"), ("物理", "理科"), ("机械", "工科")), 1)
    ]  # fmt: skip
    factories.seat(academy, "society", Role.LIAISON, societies[1])
    AnnualPlan.objects.filter(school=academy.school).update(year=YEAR)
    frame = actions.frames.save_frame(academy.registrar, facts=facts_of(**changed))
    actions.frames.move_frame(academy.registrar, frame=frame, move="issue")
    return Ground(academy, societies, Frame.objects.get(pk=frame.pk))


@pytest.fixture
def ground(db: None) -> Ground:
    return build()
