"""Background work of the training room: the dossier, importing replies, opening evaluations."""

import contextlib
import hashlib
import io
import zipfile
from datetime import datetime, timedelta

from django.utils import timezone

from keyuan.evaluation import actions as evaluation
from keyuan.kernel import files, search
from keyuan.kernel.access import require, system_of
from keyuan.kernel.faults import Fault
from keyuan.kernel.jobs import Progress, job
from keyuan.kernel.tick import every
from keyuan.training import papers, sheets
from keyuan.training.actions import evaluating
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import dossier, versions

DOSSIER = (
    ("01 开班通知", "notice"), ("02 学员名册", "roster"), ("03 课程表", "timetable"), ("04 考勤表", "attendance"),
    ("05 请假登记", "leave"), ("06 办班总结", "summary"),
)  # fmt: skip
# Sessions that somebody teaches and trainees can judge.
EVALUATED = ("lecture", "case", "field", "simulation", "online", "interview")


@job("training.dossier", title="打包班次档案")
def pack_dossier(progress: Progress, *, training_class: int) -> None:
    """Pack 一班一档 into one archive with an index and checksums; packing again makes a fresh one."""
    klass = TrainingClass.objects.select_related(
        "activity__plan", "department", "school", "head_teacher"
    ).get(pk=training_class)
    require(progress.actor, "training.dossier", klass)
    out, lines = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        said = {"timetable": "（终版）" if versions.final_of(klass) else "（未定终版）"}
        parts = [(title + said.get(kind, ""), papers.make(klass, kind)) for title, kind in DOSSIER]
        register = papers.Made("证书发放登记.xlsx", sheets.certificate_file(klass))
        for n, (title, made) in enumerate([*parts, ("07 证书发放登记", register)], 1):
            name = f"{title}.{made.name.rsplit('.', 1)[1]}"
            archive.writestr(name, made.content)
            lines.append(f"{hashlib.sha256(made.content).hexdigest()}  {name}")
            progress(n, len(DOSSIER) + 1, title)
        for name, content in dossier.pieces(progress.actor, klass):
            archive.writestr(name, content)
            lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}")
        made_at = timezone.localtime().strftime("%Y-%m-%d %H:%M")
        head = f"{klass.title} 一班一档\n制作时间 {made_at}\n\nSHA-256 校验值\n"
        archive.writestr("00 目录.txt", head + "\n".join(lines) + "\n")
    stored = files.keep(
        progress.actor,
        "training.TrainingClass",
        klass.pk,
        out.getvalue(),
        kinds=("zip",),
        most=200 * files.MEGABYTE,
        name=f"{klass.title}一班一档.zip",
    )
    search.refresh(stored)
    progress.link(f"/files/{stored.pk}/")


@every(minutes=5, title="开放课次评估")
def open_evaluations() -> None:
    """Open the evaluation of every session that ended in the last days to those who attended it."""
    since = timezone.localdate() - timedelta(days=2)
    rows = Session.objects.filter(form_id=None, sitting_id__isnull=False, kind__in=EVALUATED, date__gte=since)
    for session in rows.filter(date__lte=timezone.localdate(), training_class__state="published").exclude(
        teacher=None
    ):
        if datetime.combine(session.date, session.ends, timezone.get_current_timezone()) <= timezone.now():
            with contextlib.suppress(Fault):
                evaluating.open_evaluation(system_of(session.school_id), session=session)


@every(minutes=5, title="截止到期的评估")
def close_evaluations() -> None:
    """Close every evaluation whose time has come."""
    for school_id in TrainingClass.objects.order_by().values_list("school_id", flat=True).distinct():
        evaluation.close_due(system_of(school_id))
