"""Which hours of a lecture are paid, and which rank a post suggests; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Taught:
    """One session of one teacher, of whatever class."""

    session_id: int
    class_id: int
    date: date
    half: str
    starts: time
    ends: time
    hours: Decimal


@dataclass(frozen=True)
class Counted:
    """How many hours of a session are paid, and why fewer than held."""

    hours: Decimal
    note: str = ""


def counted(sessions: Iterable[Taught], half_day: Decimal) -> dict[int, Counted]:
    """The paid hours of each session of one teacher, over all classes together.

    培训费办法 (财行〔2016〕540号): at most `half_day` hours a half-day (4); a lecture to several classes
    at once is paid once, where it stands first.
    """
    found: dict[int, Counted] = {}
    kept: list[Taught] = []
    used: dict[tuple[date, str], Decimal] = {}
    for one in sorted(sessions, key=lambda s: (s.date, s.starts, s.class_id, s.session_id)):
        joint = next(
            (k for k in kept if k.date == one.date and k.starts < one.ends and one.starts < k.ends), None
        )
        if joint is not None:
            found[one.session_id] = Counted(ZERO, "与其他班合班授课，不重复计算")
            continue
        kept.append(one)
        before = used.get((one.date, one.half), ZERO)
        hours = max(min(one.hours, half_day - before), ZERO)
        used[one.date, one.half] = before + hours
        note = "" if hours == one.hours else f"每半天最多按 {half_day.normalize():f} 学时计算"
        found[one.session_id] = Counted(hours, note)
    return found


# Words of posts from the most telling to the least; 副 and 助理 must come before what they stand in front of.
_SIGNS = (
    ("院士", "院士"),
    ("副教授", "副高"), ("副研究员", "副高"), ("副高", "副高"), ("副主任医师", "副高"), ("副研究馆员", "副高"),
    ("助理", ""), ("讲师", "中级"),
    ("正高", "正高"), ("教授级", "正高"), ("教授", "正高"), ("研究员", "正高"), ("主任医师", "正高"),
    ("研究馆员", "正高"), ("高级工程师", "副高"), ("高级", "副高"), ("工程师", "中级"),
)  # fmt: skip


def suggested_rank(post: str, ranks: Iterable[str]) -> str:
    """The rank a post title suggests, if the standard knows one that begins so; a suggestion, never a decision."""
    sign = next((rank for word, rank in _SIGNS if word in post), "")
    return next((rank for rank in ranks if sign and rank.startswith(sign)), "")
