"""What the door left behind in the demo: a sheet to be copied, an arrival to be judged, a claim, a correction."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from keyuan.attendance import actions
from keyuan.attendance.models import Expected, SheetPhoto, Sitting
from keyuan.desk.demo.cast import Cast
from keyuan.kernel.papers.press import faces, font_folders

OWNER = "training.class"
PAPER = Path(__file__).with_name("sheet.typ")


def make(cast: Cast) -> None:
    """Beside the class that runs today, once: every rung of the ladder below the code on the screen."""
    today = timezone.localdate()
    rows = Sitting.objects.filter(school=cast.school, owner_label=OWNER, date__lte=today)
    sittings = [sitting for sitting in rows.order_by("-starts") if sitting.ends <= timezone.now()]
    if sittings and not SheetPhoto.objects.filter(sitting__school=cast.school).exists():
        _leave(cast, sittings[0])


@transaction.atomic
def _leave(cast: Cast, sitting: Sitting) -> None:
    keeper = cast.actor("headteacher")
    lines = list(
        Expected.objects.filter(sitting=sitting).select_related("person").order_by("person__pinyin", "pk")
    )
    _photo(cast, sitting, lines)
    missing = [
        line for line in lines if getattr(line, "checkin", None) is None or line.checkin.verdict == "absent"
    ]
    if len(missing) > 1:
        actions.claim(
            cast.as_trainee(missing[0].person),
            sitting=sitting,
            stated_at=sitting.starts,
            reason="手机没电，坐在第三排",
        )
        stay = actions.Span(
            sitting.starts + timedelta(minutes=5), sitting.starts + timedelta(minutes=20), 900
        )
        actions.take_stays(
            keeper, sittings=[sitting], rows=[actions.OnlineRow(1, (missing[1].person_id,), stay)]
        )
    came = next(line for line in lines if line not in missing)
    actions.correct(keeper, expected=came, to="late", reason="据会务记录，开课二十分钟后入场")
    _record(cast, sitting, lines[-1])


def _photo(cast: Cast, sitting: Sitting, lines: list[Expected]) -> None:
    """A sheet that looks signed by four in five."""
    facts = {
        "title": f"{sitting.title} 签到表", "text": faces()["text"], "kai": faces()["kai"],
        "lines": [[line.person.name, n % 5 != 3] for n, line in enumerate(lines[:24])],
    }  # fmt: skip
    drawn = typst.compile(
        str(PAPER), format="png", ppi=120, font_paths=[str(folder) for folder in font_folders()],
        ignore_system_fonts=True, sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
    )  # fmt: skip
    picture = drawn[0] if isinstance(drawn, list) else drawn
    upload = SimpleUploadedFile("纸质签到表.png", picture or b"")
    actions.add_photos(cast.actor("headteacher"), sitting=sitting, uploads=[upload])


def _record(cast: Cast, sitting: Sitting, line: Expected) -> None:
    """An arrival noted offline after the sitting was over: it waits for a look."""
    keeper, now = cast.actor("headteacher"), timezone.now()
    pack = actions.Pack(keeper.person_id or 0, sitting.date, sitting.starts, frozenset({sitting.pk}))
    noted = actions.Noted(
        uuid.uuid4(), sitting.pk, line.person_id, "code", sitting.ends + timedelta(minutes=1)
    )
    actions.take_in(keeper, pack=pack, noted=[noted], phone_now=now, moment=now)
