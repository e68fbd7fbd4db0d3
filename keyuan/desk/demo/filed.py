"""The year's frame of the demo: forty units have filed plans, some were accepted or returned, a few sent results."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.filings import actions
from keyuan.filings.actions.frames import FrameFacts
from keyuan.filings.models import Cohort, Demonstration, Filing, Frame, FrameType, Line, Outcome, Part
from keyuan.kernel import bulk
from keyuan.training.models import TrainingClass

FILED, RESULTS = 40, 10
TYPES = ("科技工作者培训班", "学会党建培训", "科技创新论坛", "志愿服务活动", "考察研修")
ASKED = (
    "请各省级学会、各市科协和各分校按统筹谋划、分级分类的要求，报送本年度科技工作者教育培训和活动计划；年底前报送总结。\n"
    "一、每项活动写明类型、月份、天数、人数、对象和经费。\n二、与省级重点活动配合的，请选对应的重点活动；参照示范班举办的，请选对标示范班。\n"
    "三、本年度确实没有活动的，请零报告并说明原因。"
)  # fmt: skip
NAMES = (
    "会员能力提升培训班", "青年科技人才沙龙", "学会秘书长业务培训", "科技志愿服务队下基层", "学科前沿论坛",
    "科学家精神宣讲", "三长能力提升班",
)  # fmt: skip


def _facts(year: int, today: date) -> FrameFacts:
    return FrameFacts(
        year, f"{year} 年科协系统教育培训和活动计划、总结报送", ASKED, today - timedelta(days=10), today + timedelta(days=20),
        ("society", "city_association", "school"), TYPES,
    )  # fmt: skip


def _line(filing: Filing, kind: FrameType, n: int, example: Demonstration | None) -> Line:
    return Line(
        key=uuid.uuid4(), filing=filing, type=kind, name=NAMES[n % len(NAMES)], month=n % 12 + 1,
        days=Decimal(1 + n % 3), people=30 + n * 7 % 90, cohort=Cohort.values[n % 4], budget=Decimal(10000 + n % 9 * 2500),
        follows=example if n % 5 == 0 else None, contact_name="演示联系人" if n % 2 else "",
    )  # fmt: skip


def _plans(cast: Cast, filings: list[Filing], example: Demonstration | None) -> list[Line]:
    types = list(filings[0].frame.types.all())
    lines = [
        _line(filing, types[(place + n) % len(types)], place + n * 3, example)
        for place, filing in enumerate(filings)
        for n in range(1 + place % 3)
    ]
    bulk.insert(lines)
    registrar = cast.actor("registrar")
    for place, filing in enumerate(filings):
        actions.moving.move_filing(registrar, filing=filing, part=Part.PLAN, move="file")
        if place % 8 == 5:
            note = "人数和经费不符，请核对后重报。"
            actions.moving.move_filing(registrar, filing=filing, part=Part.PLAN, move="return", note=note)
        elif place % 8 != 7:
            actions.moving.move_filing(registrar, filing=filing, part=Part.PLAN, move="accept")
    return lines


def _results(cast: Cast, filings: list[Filing], lines: list[Line]) -> None:
    of = {filing.pk: filing for filing in filings}
    year = filings[0].frame.year
    bulk.insert(
        [
            Outcome(
                filing=of[line.filing_id], line=line, type=line.type, name=line.name, held_on=date(year, line.month or 1, 15),
                hours=(line.days or Decimal(1)) * 8, cadre=20, leading_talent=n % 4, other=(line.people or 30) - 25,
                summary="按计划完成，参加人员反映良好。",
            )
            for n, line in enumerate(lines)
            if line.filing_id in of and (line.month or 12) < timezone.localdate().month
        ]
    )  # fmt: skip
    for filing in [one for one in filings if one.outcomes.exists()][: RESULTS // 2]:
        actions.moving.move_filing(cast.actor("registrar"), filing=filing, part=Part.RESULT, move="file")


@transaction.atomic
def make(cast: Cast) -> None:
    """Once: the frame of this year is out, its plans are overdue for most, its results are due soon."""
    today = timezone.localdate()
    if Frame.objects.filter(school=cast.school).exists():
        return
    registrar = cast.actor("registrar")
    frame = actions.frames.save_frame(registrar, facts=_facts(today.year, today))
    klass = TrainingClass.objects.filter(school=cast.school, state="closed").order_by("pk").first()
    example = None
    if klass is not None:
        example = actions.frames.demonstrate(
            registrar, frame=frame, training_class=klass, note="小班研讨、现场教学和成果汇报相结合"
        )
    actions.frames.move_frame(registrar, frame=frame, move="issue")
    rows = Filing.objects.filter(frame=frame).select_related("frame__school", "organisation")
    cities = list(rows.filter(organisation__kind="city_association").order_by("organisation__order")[:18])
    societies = list(
        rows.filter(organisation__kind="society").order_by("organisation__order")[: FILED - len(cities)]
    )
    lines = _plans(cast, [*cities, *societies], example)
    on_time = timezone.now() - timedelta(days=15)
    Filing.objects.filter(pk__in=[one.pk for one in (*cities, *societies[6:])]).update(plan_filed_at=on_time)
    _results(cast, cities[1 : RESULTS + 1], lines)
    actions.reminding.remind(registrar, frame=frame, part=Part.PLAN, today=today - timedelta(days=3))
