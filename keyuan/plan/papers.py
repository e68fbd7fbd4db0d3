"""The issued plan as a document that the office goes on editing."""

from datetime import date

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers.facts import Annex, Form, Notice, Paragraph, Table
from keyuan.kernel.papers.official import notice_docx
from keyuan.plan.actions.official import HEAD
from keyuan.plan.models import AnnualPlan


@in_chinese
def plan_docx(plan: AnnualPlan, day: date) -> bytes:
    """Notice with the annex table, in the words frozen at the issue."""
    rows = tuple(
        (line["type"], line["task"], str(line["number"]), line["name"], "、".join(line["leads"]))
        for line in plan.issued
    )
    school = plan.school.name
    return notice_docx(
        Notice(
            form=Form.RED_HEAD, title=f"{school}关于印发{plan.year}年度计划的通知", mark=school, number=plan.number,
            body=(Paragraph(f"现将《{plan.title}》印发给你们，请结合实际认真组织实施。"),), signers=(school,), day=day,
            addressees="各有关单位", annexes=(Annex(plan.title, (Table(HEAD, rows, (2, 5, 1, 4, 3)),), wide=True),),
        )
    )  # fmt: skip
