"""On paper: the order of a rota, and a host's report in the form the office files."""

from collections.abc import Iterable
from datetime import date

from keyuan.hosting.models import Rota, Turn
from keyuan.hosting.queries.board import Line
from keyuan.hosting.queries.turns import Whole
from keyuan.hosting.sheets import order_rows
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers.facts import Block, Form, Notice, Paragraph, Table, chinese_day
from keyuan.kernel.papers.listing import ListFacts, list_pdf
from keyuan.kernel.papers.official import notice_docx

ORDER = (
    ("place", "位次", 2.0), ("unit", "单位", 9.0), ("field", "学科", 2.6), ("turns", "已承办", 2.4), ("level", "计次", 2.0),
    ("last", "最近承办", 3.6), ("joined", "加入日期", 3.6), ("lot", "抽签号", 2.8), ("why", "本次不参加的原因", 5.0),
)  # fmt: skip


@in_chinese
def order_pdf(rota: Rota, lines: Iterable[Line], school: str, today: date) -> bytes:
    """The order for print, with the seed that makes it checkable."""
    rows = order_rows(lines)
    return list_pdf(
        ListFacts(
            f"{rota.name}承办轮值次序", tuple(title for _key, title, _width in ORDER),
            tuple(tuple(row[key] for key, _title, _width in ORDER) for row in rows),
            subtitle=f"{school}　{chinese_day(today)}", weights=tuple(width for _key, _title, width in ORDER),
            flipped=True, size=9.5, foot=f"共 {len(rows)} 家；抽签种子 {rota.seed}（{rota.seed_source}）",
        )
    )  # fmt: skip


def _facts(turn: Turn, whole: Whole) -> list[tuple[str, str]]:
    helpers = "、".join(one.organisation.name for one in turn.co_hosts.all())
    came = "；".join(f"{label} {actual} 人" for _key, label, _expected, actual in whole.people if actual)
    total = sum(actual or 0 for _key, _label, _expected, actual in whole.people)
    lectures = "；".join(f"{one.person.name}《{one.topic}》" for one in whole.lecturers)
    return [
        ("活动名称", str(turn)), ("承办单位", turn.host.name if turn.host else ""), ("联合承办", helpers or "无"),
        ("举办日期", chinese_day(turn.held_on or turn.planned_on)), ("举办地点", turn.place or "—"),
        ("授课人和题目", lectures or "—"), ("参加人数", f"{total} 人（{came}）" if came else "—"),
        ("活动情况", whole.report.summary if whole.report else ""), ("成效和建议", (whole.report.results if whole.report else "") or "—"),
        ("附件", f"{len(whole.files)} 份" if whole.files else "无"),
    ]  # fmt: skip


@in_chinese
def report_docx(turn: Turn, whole: Whole) -> bytes:
    """The report as a document."""
    facts = _facts(turn, whole)
    body: list[Block] = [Table(("项目", "内容"), tuple(facts[:7]), (1.2, 4.8))]
    for title, text in facts[7:9]:
        body.append(Paragraph(title, level=1))
        body.extend(Paragraph(line) for line in text.splitlines() if line.strip())
    host = turn.host.name if turn.host else ""
    return notice_docx(
        Notice(
            form=Form.REPORT, title=f"{turn}活动总结", body=tuple(body), signers=(host,),
            day=turn.held_on or turn.planned_on,
        )
    )  # fmt: skip


@in_chinese
def report_pdf(turn: Turn, whole: Whole) -> bytes:
    """The report as a form to be printed and filed."""
    return list_pdf(
        ListFacts(
            "承办活动总结表", ("项目", "内容"), tuple(_facts(turn, whole)), subtitle=str(turn), weights=(3.0, 15.0),
            flipped=False, size=11,
        )
    )  # fmt: skip
