"""What an official document says, as plain frozen values; how it looks is decided in `official`.

The words of documents are Chinese whatever language the screen of their maker is in: they never pass gettext.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum


class Form(Enum):
    """The outward form of a document (公文格式)."""

    RED_HEAD = "red_head"  # 红头文件：发文机关标志加红色分隔线
    LETTER = "letter"  # 信函格式：首页上下红色双线
    MINUTES = "minutes"  # 纪要格式：纪要标志，出席、请假、列席名单，不署名
    REPORT = "report"  # 一般材料：无版头，如办班总结


@dataclass(frozen=True)
class Paragraph:
    """One paragraph (段落). Level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）; 0 is plain text.

    A heading without its number gets it when the document is written.
    `indent=False` sets it flush left, as the fill-in line above a reply form; `stops` are where its tabs lead,
    as shares of the line: no blanks are typed to reach a place.
    """

    text: str
    level: int = 0
    indent: bool = True
    stops: tuple[float, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table (表格) whose cells are text; `weights` are the columns' relative widths, measured if empty.

    `blank_rows` adds empty lines to be filled in by hand or in WPS.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    weights: tuple[float, ...] = ()
    blank_rows: int = 0
    total: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Every row has a cell for each column."""
        for row in (*self.rows, *((self.total,) if self.total else ())):
            if len(row) != len(self.head):
                raise ValueError(f"表格每行应有 {len(self.head)} 格，这一行有 {len(row)} 格：{row}")
        if self.weights and len(self.weights) != len(self.head):
            raise ValueError("列宽的个数与列数不符")


@dataclass(frozen=True)
class Pictures:
    """Photographs (照片), two in a row, each as (bytes of a JPEG or PNG file, caption)."""

    shots: tuple[tuple[bytes, str], ...]


Block = Paragraph | Table | Pictures


@dataclass(frozen=True)
class Annex:
    """An annex (附件): its own page; landscape when `wide`, or when None and its table asks for it."""

    title: str
    blocks: tuple[Block, ...]
    wide: bool | None = None


@dataclass(frozen=True)
class Notice:
    """An official document (公文). An empty `number` makes it a draft and says so on every page.

    `mark` is the red issuing mark (发文机关标志, as 广东省科学技术协会文件), `signers` the units that sign,
    `remark` the 附注 in brackets below the date, `printed_by` the 印发机关 of the imprint. Minutes name who
    was `present` 出席, `excused` 请假 and `observing` 列席, and bear no signature.
    """

    form: Form
    title: str
    body: tuple[Block, ...]
    signers: tuple[str, ...]
    day: date
    mark: str = ""
    number: str = ""
    addressees: str = ""
    annexes: tuple[Annex, ...] = ()
    remark: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    draft: bool | None = None
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    observing: tuple[str, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether it must not be taken for a document in force; a report needs no number."""
        if self.draft is not None:
            return self.draft
        return self.form is not Form.REPORT and not self.number


_DIGITS = "零一二三四五六七八九"
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])")


def chinese_count(count: int) -> str:
    """1 to 99 as headings count: 一, 十, 十二, 二十一."""
    tens, ones = divmod(count, 10)
    return ("" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十") + (_DIGITS[ones] if ones else "")


def numbered(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with every heading numbered (§7.3.3: 一、 （一） 1. （1）); numbers typed by the author stay."""
    counts = [0] * 5
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and block.level:
            counts[block.level] += 1
            counts[block.level + 1 :] = [0] * (4 - block.level)
            if not _NUMBERED.match(block.text):
                at = counts[block.level]
                lead = (f"{chinese_count(at)}、", f"（{chinese_count(at)}）", f"{at}.", f"（{at}）")[
                    block.level - 1
                ]
                done.append(replace(block, text=lead + block.text))
                continue
        done.append(block)
    return done


def chinese_day(day: date) -> str:
    """The date as documents write it: arabic digits, no leading zeros (GB/T 9704-2012 §7.3.5)."""
    return f"{day.year}年{day.month}月{day.day}日"


def full_widths(text: str) -> float:
    """The width of the text in full-width characters; ASCII counts half."""
    return sum(0.5 if ord(char) < 0x2E80 and char not in "“”‘’…—·①②③④⑤⑥⑦⑧⑨" else 1.0 for char in text)


def title_lines(title: str, limit: int = 19) -> list[str]:
    """The title in balanced lines of at most `limit` characters, never broken inside a figure or before a mark.

    A line break typed by the author is kept as it is.
    """
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    lines = []
    rest = title.strip()
    while full_widths(rest) > limit:
        count = -(-full_widths(rest) // limit)
        cut = _best_cut(rest, full_widths(rest) / count, limit)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*lines, rest] if rest else lines


def _best_cut(text: str, ideal: float, limit: int) -> int:
    def cost(cut: int) -> float:
        before, after = text[cut - 1], text[cut]
        price = abs(full_widths(text[:cut]) - ideal)
        if after in "》）”、，。：；〉)" or before in "《（“〈(" or (before + after).isascii():
            price += 50
        if before in "》）的于":
            price -= 3
        if after in "的和与及、" or (before, after) in _PAIRS:
            price += 4
        if text[:cut].count("《") > text[:cut].count("》"):
            price += 3
        return price

    cuts: Sequence[int] = [cut for cut in range(1, len(text)) if full_widths(text[:cut]) <= limit]
    return min(cuts, key=cost)


# Words that titles of notices are full of and that look broken when they are parted.
_PAIRS = frozenset(
    pair
    for word in (
        "关于",
        "举办",
        "通知",
        "开展",
        "印发",
        "培训",
        "科协",
        "党校",
        "干部",
        "系统",
        "能力",
        "提升",
        "人才",
        "科技",
        "学会",
        "研修",
        "季度",
        "年度",
        "教学",
        "工作",
        "会议",
        "纪要",
        "研究",
        "安排",
    )
    for pair in [tuple(word)]
)
