"""On paper: the ledger on A4 laid on its side, and the weekly digest."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers.facts import Block, Form, Notice, Paragraph, Table, chinese_day
from keyuan.kernel.papers.listing import ListFacts, list_pdf
from keyuan.kernel.papers.official import notice_docx
from keyuan.supervision.models import Item
from keyuan.supervision.queries.digests import PARTS, size_of
from keyuan.supervision.sheets import digest_rows, ledger_rows

LEDGER = (
    ("no", "序号", 1.4), ("number", "编号", 4.6), ("title", "督办事项", 10.0), ("source", "来源", 6.0),
    ("owner", "责任单位", 6.0), ("person", "责任人", 2.6), ("deadline", "办结期限", 3.6), ("stage", "进度", 2.8),
    ("state", "状态", 2.8), ("light", "督办灯", 3.6), ("note", "备注", 4.0),
)  # fmt: skip
DIGEST = (
    ("number", "编号", 2.2), ("title", "督办事项", 4.4), ("owner", "责任单位", 2.8), ("deadline", "期限", 1.5),
    ("stage", "进度", 1.2), ("light", "督办灯", 1.5),
)  # fmt: skip


@in_chinese
def ledger_pdf(rows: Iterable[Item], school: str, today: date) -> bytes:
    """The ledger for print, A4 landscape."""
    lines = list(ledger_rows(rows, today))
    open_ones = sum(line["light"] != "—" for line in lines)
    return list_pdf(
        ListFacts(
            "督办事项台账", tuple(title for _key, title, _width in LEDGER),
            tuple(tuple(line[key] for key, _title, _width in LEDGER) for line in lines),
            subtitle=f"{school}　{chinese_day(today)}", weights=tuple(width for _key, _title, width in LEDGER),
            flipped=True, size=9, foot=f"共 {len(lines)} 项，在办 {open_ones} 项",
        )
    )  # fmt: skip


def digest_title(facts: Mapping[str, Any]) -> str:
    """What a digest is called."""
    return f"督办通报（{chinese_day(date.fromisoformat(facts['day']))}）"


def _summary(facts: Mapping[str, Any]) -> str:
    counts = {key: len(facts["parts"][key]) for key, _title in PARTS}
    lights = facts["lights"]
    return (
        f"在办{size_of(dict(facts)) - counts['closed']}项：红灯（超期）{lights['red']}项，黄灯（临期）{lights['amber']}项，"
        f"绿灯（正常）{lights['green']}项。本周到期{counts['due']}项，待核验{counts['waiting']}项，"
        f"上周以来销号{counts['closed']}项。"
    )


@in_chinese
def digest_docx(facts: Mapping[str, Any], school: str) -> bytes:
    """The digest as a document to be edited and sent on."""
    body: list[Block] = [Paragraph(_summary(facts))]
    lines = list(digest_rows(facts))
    for _key, title in PARTS:
        rows = [line for line in lines if line["part"] == title]
        if rows:
            body.append(Paragraph(f"{title}（{len(rows)}项）", level=1))
            body.append(
                Table(
                    tuple(head for _k, head, _w in DIGEST),
                    tuple(tuple(row[key] for key, _head, _w in DIGEST) for row in rows),
                    tuple(width for _k, _head, width in DIGEST),
                )
            )
    return notice_docx(
        Notice(
            form=Form.REPORT, title="每周督办通报", body=tuple(body), signers=(school,),
            day=date.fromisoformat(facts["day"]),
        )
    )  # fmt: skip


@in_chinese
def digest_pdf(facts: Mapping[str, Any], school: str) -> bytes:
    """The digest for print, one table, A4 landscape."""
    head = (("part", "类别", 3.6), *((key, title, width * 2.4) for key, title, width in DIGEST))
    return list_pdf(
        ListFacts(
            "每周督办通报", tuple(title for _key, title, _width in head),
            tuple(tuple(row[key] for key, _title, _width in head) for row in digest_rows(facts)),
            subtitle=f"{school}　{chinese_day(date.fromisoformat(facts['day']))}", notes=(_summary(facts),),
            weights=tuple(width for _key, _title, width in head), flipped=True, size=9.5,
        )
    )  # fmt: skip
