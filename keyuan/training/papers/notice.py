"""The documents of a class: the notice (开班通知) and minutes (会议纪要), from its facts and the office's own words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.models import PaperDraft
from keyuan.kernel.papers import drafts, registering
from keyuan.kernel.papers.facts import Annex, Block, Form, Notice, Paragraph, chinese_day
from keyuan.kernel.papers.official import notice_docx
from keyuan.orgs.models import Organisation
from keyuan.training.models import TrainingClass
from keyuan.training.papers import annexes
from keyuan.training.queries.writing import NUMBERED, OWNER


def span_words(training_class: TrainingClass) -> str:
    """2020年11月3日至5日（3天）."""
    first, last = training_class.starts, training_class.ends
    days = (last - first).days + 1
    if first == last:
        return f"{chinese_day(first)}（1天）"
    same_month = (first.year, first.month) == (last.year, last.month)
    end = f"{last.day}日" if same_month else chinese_day(last)
    return f"{chinese_day(first)}至{end}（{days}天）"


@dataclass(frozen=True)
class Words:
    """What stands in a document (公文要素), each as the office wrote it or, where it did not, from the class."""

    form: Form
    title: str
    addressees: str
    body: tuple[Block, ...]
    signer: str
    mark: str
    copies_to: tuple[str, ...]
    printed_by: str
    remark: str
    day: date
    annexes: tuple[str, ...]
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observing: tuple[str, ...] = ()


def issuing_body(training_class: TrainingClass) -> str:
    """Who issues: the association that founded the school, as the list of organisations has it."""
    rows = Organisation.objects.filter(school_id=training_class.school_id, kind=Organisation.Kind.ASSOCIATION)
    founder = rows.order_by("order", "pk").first()
    return founder.name if founder else training_class.school.name


def department_name(training_class: TrainingClass, issuer: str) -> str:
    """The lead department as a letter names it: a room of the association with the association's name before it."""
    department = training_class.department
    bare = department.kind == Organisation.Kind.DEPARTMENT and not department.name.startswith(issuer)
    return f"{issuer}{department.name}" if bare else department.name


def _notice_body(training_class: TrainingClass, shown: tuple[str, ...]) -> tuple[Block, ...]:
    school = training_class.school
    plates = f"{school.name}（{school.second_name}）" if school.second_name else school.name
    plan = training_class.activity.plan
    at = {key: f"附件{number}" for number, key in enumerate(shown, 1)}
    quota = f"名额分配见{at['quota']}。" if "quota" in at else ""
    reply = f"，或填写报名回执（{at['reply']}）报送" if "reply" in at else ""
    table = f"日程安排见{at['timetable']}。" if "timetable" in at else ""
    content = training_class.content or f"围绕{training_class.activity.name}安排专题授课和交流研讨。"
    blocks: list[Block] = [
        Paragraph(
            f"根据《{plan.title}》，{plates}定于{span_words(training_class)}举办{training_class.title}。"
            "现将有关事项通知如下："
        ),
        Paragraph("培训对象", level=1),
        Paragraph(f"{training_class.audience}，共{training_class.places}人。{quota}"),
        Paragraph("培训内容", level=1),
        Paragraph(content + table),
        Paragraph("时间和地点", level=1),
        Paragraph(f"时间：{span_words(training_class)}。地点：{training_class.venue}。"),
        Paragraph("报名要求", level=1),
        Paragraph(
            f"请各单位按分配名额推荐参训人员，于{chinese_day(training_class.nominate_by)}前在科苑平台完成推荐"
            f"{reply}。截止前可以换人。"
        ),
        Paragraph("其他事项", level=1),
        Paragraph(
            f"本班计{training_class.hours.normalize():f}学时。学员须遵守考勤规定，请假累计超过总学时七分之一的，不予结业。"
        ),
    ]
    if training_class.contact:
        blocks.append(Paragraph(f"联系人及电话：{training_class.contact}。"))
    return tuple(blocks)


def _minutes_body(training_class: TrainingClass) -> tuple[Block, ...]:
    return (
        Paragraph(
            f"（时间），（主持人）主持召开会议，研究{training_class.title}有关工作。现将会议议定事项纪要如下："
        ),
        Paragraph("关于班次筹备", level=1),
        Paragraph(
            f"会议明确，本班定于{span_words(training_class)}在{training_class.venue}举办，"
            f"由{training_class.department.name}牵头，{training_class.head_teacher.name}任班主任。"
        ),
        Paragraph("关于责任分工", level=1),
        Paragraph("（由记录人填写）"),
    )


def words_of(training_class: TrainingClass, kind: str, form: Form | None = None) -> Words:
    """The words of a document of the class; `form` looks at another form than the one chosen."""
    draft = drafts.draft_of(kind, OWNER, training_class.pk)
    return _words(training_class, kind, form or _form_of(draft, kind), draft)


def _form_of(draft: PaperDraft | None, kind: str) -> Form:
    if kind == "minutes":
        return Form.MINUTES
    return Form(draft.form) if draft else Form.RED_HEAD


def _words(training_class: TrainingClass, kind: str, form: Form, draft: PaperDraft | None) -> Words:
    said = draft.said if draft else {}
    issuer, school = issuing_body(training_class), training_class.school
    minutes = kind == "minutes"
    shown = annexes.chosen(training_class, said.get("annexes")) if not minutes else ()
    given = said.get("body", "")
    body = _minutes_body(training_class) if minutes else _notice_body(training_class, shown)
    own = department_name(training_class, issuer)
    marks = {Form.LETTER: own, Form.MINUTES: f"{school.name}会议纪要"}
    signers = {Form.LETTER: own, Form.MINUTES: own}
    taken = registering.number_of(NUMBERED[kind], training_class.pk)
    written = said.get("day")
    day = (
        date.fromisoformat(written) if written else taken.day if taken and taken.day else timezone.localdate()
    )
    about = (
        f"关于研究{training_class.title}有关工作的会议纪要"
        if minutes
        else f"关于举办{training_class.title}的通知"
    )
    return Words(
        form=form,
        title=said.get("title") or about,
        addressees=said.get("addressees") or ("" if form is Form.MINUTES else "各有关单位"),
        body=drafts.blocks_of(given) if given else body,
        signer=said.get("signer") or signers.get(form, issuer),
        mark=said.get("mark") or marks.get(form, f"{issuer}文件"),
        copies_to=drafts.names_of(said.get("copies_to", "")),
        printed_by=said.get("printed_by") or f"{issuer}办公室",
        remark=said.get("remark", ""),
        day=day,
        annexes=shown,
        present=drafts.names_of(said.get("present", "")),
        excused=drafts.names_of(said.get("excused", "")),
        observing=drafts.names_of(said.get("observing", "")),
    )  # fmt: skip


@in_chinese
def notice_of(training_class: TrainingClass, form: Form | None = None, kind: str = "notice") -> Notice:
    """The facts of a document; without a number it is a draft and says so."""
    words = words_of(training_class, kind, form)
    taken = registering.number_of(NUMBERED[kind], training_class.pk)
    number = taken.number if taken else training_class.notice_number if kind == "notice" else ""
    made: tuple[Annex, ...] = tuple(annexes.make(training_class, key) for key in words.annexes)
    return Notice(
        form=words.form, title=words.title, body=words.body, signers=drafts.names_of(words.signer), day=words.day,
        mark=words.mark, number=number, addressees=words.addressees, annexes=made, remark=words.remark,
        copies_to=words.copies_to, printed_by=words.printed_by, present=words.present, excused=words.excused,
        observing=words.observing,
    )  # fmt: skip


@in_chinese
def notice(training_class: TrainingClass) -> bytes:
    """The notice in the form the office chose (.docx)."""
    return notice_docx(notice_of(training_class))


@in_chinese
def letter(training_class: TrainingClass) -> bytes:
    """The notice in letter form, whatever was chosen (.docx)."""
    return notice_docx(notice_of(training_class, form=Form.LETTER))


@in_chinese
def minutes(training_class: TrainingClass) -> bytes:
    """The minutes of a meeting about the class (.docx)."""
    return notice_docx(notice_of(training_class, kind="minutes"))


def changed(training_class: TrainingClass, kind: str, typed: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The form chosen and what of the typed words differs from those the class gives by itself.

    What was left as it was is not kept, so that it follows the class when a date or place changes.
    """
    chosen = Form(typed.get("form") or Form.MINUTES.value)
    annexed = {"annexes": typed["annexes"]} if "annexes" in typed else {}
    bare = PaperDraft(kind=kind, form=chosen.value, said=annexed)
    given = _words(training_class, kind, chosen, bare)
    shown = {
        "title": given.title, "addressees": given.addressees, "signer": given.signer, "mark": given.mark,
        "printed_by": given.printed_by, "body": drafts.text_of(given.body), "copies_to": "", "remark": "", "present": "",
        "excused": "", "observing": "",
    }  # fmt: skip
    was = words_of(training_class, kind)
    said: dict[str, Any] = dict(annexed)
    for name, plain in shown.items():
        text = "\n".join(typed.get(name, "").split("\r\n")).strip()
        # The other form's own words, shown when the page was opened, are no words of the office's.
        kept_by_form = chosen is not was.form and text == _by_form(training_class, kind, was.form, name)
        if text and text != plain and not kept_by_form:
            said[name] = text
    if typed.get("day"):
        said["day"] = typed["day"].isoformat()
    return chosen.value, said


def _by_form(training_class: TrainingClass, kind: str, form: Form, name: str) -> str:
    """What the class says by itself under another form."""
    given = _words(training_class, kind, form, None)
    return str(getattr(given, name)) if name in {"addressees", "signer", "mark"} else ""
