"""The notice of a class (开班通知) as an official document, with quota table and reply form."""

from django.utils import timezone

from keyuan.kernel.papers.facts import Annex, Form, Notice, Paragraph, Table, chinese_day
from keyuan.kernel.papers.official import notice_docx
from keyuan.orgs.models import Organisation
from keyuan.training.models import QuotaShare, TrainingClass

REPLY_HEAD = ("序号", "姓名", "性别", "出生年月", "单位", "职务", "手机", "证件号码", "是否住宿")
REPLY_WEIGHTS = (0.6, 1.0, 0.6, 1.1, 2.4, 1.6, 1.6, 2.4, 0.9)


def span_words(training_class: TrainingClass) -> str:
    """2020年11月3日至5日（3天）."""
    first, last = training_class.starts, training_class.ends
    days = (last - first).days + 1
    if first == last:
        return f"{chinese_day(first)}（1天）"
    same_month = (first.year, first.month) == (last.year, last.month)
    end = f"{last.day}日" if same_month else chinese_day(last)
    return f"{chinese_day(first)}至{end}（{days}天）"


def _body(training_class: TrainingClass) -> tuple[Paragraph, ...]:
    school = training_class.school
    plates = f"{school.name}（{school.second_name}）" if school.second_name else school.name
    plan = training_class.activity.plan
    lines = [
        Paragraph(
            f"根据《{plan.title}》，{plates}定于{span_words(training_class)}举办{training_class.title}。"
            "现将有关事项通知如下："
        ),
        Paragraph("培训对象", level=1),
        Paragraph(f"{training_class.audience}，共{training_class.places}人。名额分配见附件1。"),
        Paragraph("培训内容", level=1),
        Paragraph(training_class.content or f"围绕{training_class.activity.name}安排专题授课和交流研讨。"),
        Paragraph("时间和地点", level=1),
        Paragraph(f"时间：{span_words(training_class)}。地点：{training_class.venue}。"),
        Paragraph("报名要求", level=1),
        Paragraph(
            f"请各单位按分配名额推荐参训人员，于{chinese_day(training_class.nominate_by)}前在科苑平台完成推荐，"
            "或填写报名回执（附件2）报送。截止前可以换人。"
        ),
        Paragraph("其他事项", level=1),
        Paragraph(
            f"本班计{training_class.hours.normalize():f}学时。学员须遵守考勤规定，请假累计超过总学时七分之一的，不予结业。"
        ),
    ]
    if training_class.contact:
        lines.append(Paragraph(f"联系人及电话：{training_class.contact}。"))
    return tuple(lines)


def _quota_annex(training_class: TrainingClass) -> Annex:
    shares = QuotaShare.objects.filter(training_class=training_class, places__gt=0).select_related(
        "organisation"
    )
    rows = tuple((str(n), share.organisation.name, str(share.places)) for n, share in enumerate(shares, 1))
    total = ("", "合计", str(sum(share.places for share in shares)))
    return Annex("名额分配表", (Table(("序号", "单位", "名额（人）"), rows, (1.0, 5.0, 1.6), total=total),))


def _reply_annex(training_class: TrainingClass) -> Annex:
    fill_in = Paragraph(
        "填报单位（盖章）：　　　　　　　　　　　　填报日期：　　　年　　月　　日", indent=False
    )
    table = Table(REPLY_HEAD, (), REPLY_WEIGHTS, blank_rows=10)
    return Annex(f"{training_class.title}报名回执", (fill_in, table), wide=True)


def issuing_body(training_class: TrainingClass) -> str:
    """Who issues: the association that founded the school, as the list of organisations has it."""
    rows = Organisation.objects.filter(school_id=training_class.school_id, kind=Organisation.Kind.ASSOCIATION)
    founder = rows.order_by("order", "pk").first()
    return founder.name if founder else training_class.school.name


def notice_of(training_class: TrainingClass, form: Form) -> Notice:
    """The facts of the notice; without a number it is a draft and says so."""
    issuer = issuing_body(training_class)
    signer = training_class.department.name if form is Form.LETTER else issuer
    return Notice(
        form=form,
        title=f"关于举办{training_class.title}的通知",
        body=_body(training_class),
        signers=(signer,),
        day=timezone.localdate(),
        mark=issuer if form is Form.LETTER else f"{issuer}文件",
        number=training_class.notice_number,
        addressees="各有关单位",
        annexes=(_quota_annex(training_class), _reply_annex(training_class)),
        printed_by=f"{issuer}办公室",
    )


def red_head(training_class: TrainingClass) -> bytes:
    """The notice in red-head form (.docx)."""
    return notice_docx(notice_of(training_class, Form.RED_HEAD))


def letter(training_class: TrainingClass) -> bytes:
    """The notice in letter form (.docx)."""
    return notice_docx(notice_of(training_class, Form.LETTER))
