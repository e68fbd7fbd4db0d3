"""Documents of the demo: two series, numbers drawn, typed, reserved and void, a template, photographs."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from keyuan.credits.actions import templates
from keyuan.credits.models import CertificateTemplate
from keyuan.desk.demo.cast import Cast
from keyuan.desk.demo.finished import TITLE
from keyuan.kernel.access import Actor
from keyuan.kernel.models import DocSeries
from keyuan.kernel.papers import registering
from keyuan.kernel.papers.certificate import HEADING, TEXT
from keyuan.kernel.papers.registering import Entry
from keyuan.training.actions import writing
from keyuan.training.models import TrainingClass

PATTERN = "{mark}〔{year}〕{seq}号"
PHOTOS = (
    ("开班式", "#7a2e2e", "#f2d8c9"),
    ("专题授课", "#2f5d62", "#dfeee9"),
    ("分组研讨", "#4a4e69", "#e6e2ee"),
)


@transaction.atomic
def make(cast: Cast) -> None:
    """Once."""
    registrar = cast.actor("registrar")
    if _is_made(cast):
        return
    klass = TrainingClass.objects.get(school=cast.school, title=TITLE)
    _numbers(registrar, klass)
    _photographs(registrar, klass)
    if not CertificateTemplate.objects.filter(school=cast.school).exists():
        facts = {"name": "通用结业证书", "heading": HEADING, "text": TEXT}
        templates.keep_template(registrar, template=None, facts=facts)


def _is_made(cast: Cast) -> bool:
    return DocSeries.objects.filter(school_id=cast.school.pk, mark="演示联").exists()


def _numbers(registrar: Actor, klass: TrainingClass) -> None:
    opened = [
        registering.keep_series(registrar, series=None, mark=mark, pattern=PATTERN, drawers=drawers)
        for mark, drawers in (("演示", ["registrar"]), ("演示联", ["registrar", "head_teacher"]))
    ]
    year = int(klass.notice_number[3:7]) if klass.notice_number[3:7].isdecimal() else klass.starts.year
    entry = Entry(f"关于举办{klass.title}的通知", "red_head", klass.nominate_by)
    writing.number_paper(
        registrar,
        training_class=klass,
        kind="notice",
        series=opened[0],
        entry=entry,
        typed=klass.notice_number,
    )
    letters = opened[1]
    for title in ("关于征集学术活动月选题的函", "关于报送联络员名单的函"):
        registering.draw_number(registrar, series=letters, entry=Entry(title, "letter"), year=year)
    registering.type_number(
        registrar, series=letters, typed="6", entry=Entry("关于转发培训通知的函", "letter"), year=year
    )
    spoilt = registering.draw_number(
        registrar, series=letters, entry=Entry("关于调整班期的函", "letter"), year=year
    )
    registering.void_number(registrar, number=spoilt, reason="班期未调整，文件撤回")
    registering.reserve(registrar, series=letters, purpose="年终总结会议预留", count=2, year=year)


def _photographs(registrar: Actor, klass: TrainingClass) -> None:
    for caption, dark, light in PHOTOS:
        upload = SimpleUploadedFile(f"{caption}.jpg", _drawn(dark, light))
        writing.add_photo(registrar, training_class=klass, upload=upload, caption=caption)


def _drawn(dark: str, light: str) -> bytes:
    """A room drawn with a few shapes: a screen, a desk, rows of heads; nobody is on it."""
    picture = Image.new("RGB", (1200, 800), light)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((300, 90, 900, 360), fill=dark)
    pen.rectangle((520, 400, 680, 470), fill=dark)
    for row in range(3):
        for seat in range(9 - row):
            x, y = 120 + row * 60 + seat * 120, 520 + row * 100
            pen.ellipse((x - 28, y - 28, x + 28, y + 28), fill=dark)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
