"""Documents to measure and to show: the three forms with annexes, and a page filled to the last character."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

from keyuan.kernel.papers.facts import Annex, Form, Notice, Paragraph, Table
from keyuan.kernel.papers.official import notice_docx

RULES = (
    "各单位要高度重视，认真组织推荐，确保参训人员按时参加培训。培训期间要严格遵守中央八项规定精神和学员管理有关规定，"
    "自觉维护教学秩序。"
)
QUOTA = Table(
    ("序号", "单位", "名额（人）"),
    tuple((str(at), f"广东省演示学会第{at}分会", str(at % 3 + 1)) for at in range(1, 13)),
    (1.0, 5.0, 1.6),
    total=("", "合计", "24"),
)
REPLY = Table(
    ("序号", "姓名", "性别", "出生年月", "单位", "职务", "手机", "证件号码", "是否住宿"),
    weights=(0.75, 1.0, 0.75, 1.3, 2.4, 1.5, 1.6, 2.3, 1.3),
    blank_rows=10,
)
FILL_IN = Paragraph(
    "填报单位（盖章）：\t填报日期：\t年\t月\t日", indent=False, stops=(0.62, 0.82, 0.88, 0.94)
)
BODY = (
    Paragraph("根据《2026年度教学计划》，定于2026年11月3日至5日举办培训班。现将有关事项通知如下："),
    Paragraph("培训对象", 1),
    Paragraph("各省级学会党组织负责人，各地级以上市科协机关党组织负责人，共24人。名额分配见附件1。"),
    Paragraph("培训内容", 1),
    Paragraph("理论学习", 2),
    Paragraph("学习贯彻党的创新理论。" + RULES),
    Paragraph("现场教学", 2),
    Paragraph(RULES * 2),
    Paragraph("有关要求", 1),
    Paragraph("按时报到", 3),
    Paragraph("严格考勤", 4),
    Paragraph(RULES * 2),
)
RED_HEAD = Notice(
    form=Form.RED_HEAD,
    title="关于举办2026年科协系统干部能力提升培训班的通知",
    body=BODY,
    signers=("广东省科学技术协会",),
    day=date(2026, 10, 12),
    mark="广东省科学技术协会文件",
    number="粤科协组〔2026〕10号",
    addressees="各省级学会、协会、研究会，各地级以上市科协，高校科协，企业科协",
    annexes=(Annex("名额分配表", (QUOTA,)), Annex("报名回执", (FILL_IN, REPLY), wide=True)),
    copies_to=("省委组织部", "省科技厅", "省人力资源和社会保障厅"),
    printed_by="广东省科学技术协会办公室",
)
LETTER = replace(
    RED_HEAD, form=Form.LETTER, mark="广东省科学技术协会组织联络部", signers=("广东省科学技术协会组织联络部",)
)
MINUTES = replace(
    RED_HEAD,
    form=Form.MINUTES,
    mark="广东省科协党校校务委员会纪要",
    number="〔2026〕3号",
    title="关于研究2026年第三季度教学工作的会议纪要",
    signers=("广东省科协党校校务办公室",),
    addressees="",
    annexes=(),
    present=tuple(f"演示{name}" for name in "甲乙丙丁戊己庚辛壬癸"),
    excused=("演示子", "演示丑"),
    observing=("演示寅（组织联络部）", "演示卯（学会学术部）"),
)
# Several paragraphs, so that what keeps the last one with the signature leaves the first pages full.
FULL = replace(
    RED_HEAD, body=(*(Paragraph("科" * (28 * 22 - 2)),) * 3, Paragraph("完。")), annexes=(), addressees=""
)
SAMPLES = {"red-head": RED_HEAD, "letter": LETTER, "minutes": MINUTES, "full": FULL}


def rendered(folder: Path, soffice: str) -> dict[str, Path]:
    """Every sample as PDF, in one run of the office program, under a profile of its own."""
    for name, notice in SAMPLES.items():
        (folder / f"{name}.docx").write_bytes(notice_docx(notice))
    command = [
        soffice, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf", "--outdir",
        str(folder), *(str(folder / f"{name}.docx") for name in SAMPLES),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {name: folder / f"{name}.pdf" for name in SAMPLES}
