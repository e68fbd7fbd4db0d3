"""How offices write dates, times, kinds and teachers in a timetable, and how each cell is read."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from keyuan.kernel.codes import normal_name, normal_text, tidy_title
from keyuan.kernel.papers.timetable import WEEKDAYS
from keyuan.kernel.sheet import Reading, Unreadable, readers
from keyuan.kernel.sheet.describe import Raw
from keyuan.training.models import Session

K = Session.Kind
# The word each kind is kept under, and the words that mean the same.
KINDS: dict[str, tuple[str, ...]] = {
    K.OPENING: ("开班式", "开班仪式", "开班典礼", "开班动员", "开学典礼", "开班"),
    K.LECTURE: ("专题授课", "专题讲座", "专题报告", "专题辅导", "授课", "讲座", "报告", "讲授", "专题", "理论教学", "课堂教学"),
    K.CASE: ("案例教学", "案例", "案例研讨"),
    K.FIELD: ("现场教学", "现场", "实地教学"),
    K.INTERVIEW: ("访谈交流", "访谈", "结构化访谈", "访谈教学"),
    K.SIMULATION: ("情景模拟", "情境模拟", "模拟", "模拟教学"),
    K.OUTDOOR: ("拓展训练", "拓展", "素质拓展"),
    K.DISCUSSION: ("分组讨论", "讨论", "研讨", "分组研讨", "小组讨论", "交流", "研讨交流", "交流研讨"),
    K.FORUM: ("学员论坛", "论坛"),
    K.ONLINE: ("线上教学", "线上", "网络课程", "网络教学", "线上课程", "网课"),
    K.SELF_STUDY: ("自学", "自习"),
    K.STUDY: ("考察调研", "考察", "调研", "调研考察"),
    K.VISIT: ("参观", "参观学习"),
    K.CLOSING: ("结业式", "结业仪式", "结业典礼", "结业", "总结结业", "结班式"),
}  # fmt: skip
HALVES = {
    "am": ("上午", "早上", "早晨"),
    "pm": ("下午", "中午", "午后"),
    "ev": ("晚上", "晚间", "夜间", "晚"),
}
KIND_WORDS = tuple(words[0] for words in KINDS.values())
HALF_WORDS = tuple(words[0] for words in HALVES.values())
KIND_OF = {word: str(kind) for kind, words in KINDS.items() for word in words}
HALF_OF = {word: half for half, words in HALVES.items() for word in words}

# Day numbers of a spreadsheet between 2009 and 2064, counted from here.
_FIRST_SERIAL, _LAST_SERIAL = 40_000, 60_000
_SERIAL_ZERO = date(1899, 12, 30)
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)([一二三四五六日天])")
_HALF = re.compile("|".join(sorted(HALF_OF, key=len, reverse=True)))
_DAY = re.compile(r"(?:(\d{4})[年./\-])?(\d{1,2})[月./\-](\d{1,2})[日号]?")
_WHOLE_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})月(\d{1,2})日")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2})(?::\d{2}(?:\.0+)?)?|[点时](?:(\d{1,2})分?|(半)|整)?)")
_TO = re.compile(r"[-—–−~～〜至到]+")
_EMPTY = frozenset({"", "待定", "无", "/", "-", "--", "—", "——", "暂无", "未定", "班主任待定"})
_SEVERAL = re.compile(r"[、,;/&]")
_TITLES = re.compile(
    r"(?<=..)(?:副?教授|副?研究员|(?:正|教授级)?高级工程师|高工|讲师|老师|博士|院士|副?主任|副?院长|副?处长|副?书记|副?主席|副?校长|副?会长|副?部长|先生|女士)$"
)
_MOST_MONTH = 13


def day(raw: Raw) -> Reading:
    """A day as 2026-03-05, or as 3月5日 where the year is not said; a weekday written beside it has to agree."""
    if isinstance(raw, datetime):
        return Reading(raw.date().isoformat())
    if isinstance(raw, date):
        return Reading(raw.isoformat())
    if isinstance(raw, int | float) and not isinstance(raw, bool) and (serial := _serial_day(raw)):
        return Reading(serial.isoformat())
    given = re.sub(r"\s", "", normal_text(readers.plain(raw)))
    if not given:
        return Reading("")
    weekday = _WEEKDAY.search(given)
    bare = re.sub(r"[()\[\]〔〕,]", "", _HALF.sub("", _WEEKDAY.sub("", given)))
    parts = _DAY.fullmatch(bare) or _WHOLE_DAY.fullmatch(bare)
    # A leap year, so that 2月29日 may stand until the class says which year is meant.
    found = _day(int(parts[1] or 2024), int(parts[2]), int(parts[3])) if parts else None
    if parts is None or found is None:
        raise Unreadable("date_bad", _("读不出日期，请写成“3月5日”或“2026-03-05”的样子。"))
    if not parts[1]:
        return Reading(f"{found.month}月{found.day}日", "", {"date_weekday": weekday[1] if weekday else ""})
    if weekday and (words := weekday_fault(found, weekday[1])):
        raise Unreadable("weekday", words)
    return Reading(found.isoformat())


def _serial_day(raw: float) -> date | None:
    """The day a spreadsheet counts by number. Raises Unreadable for 3.1, which may have been 3.10."""
    if _FIRST_SERIAL < raw < _LAST_SERIAL:
        return _SERIAL_ZERO + timedelta(days=int(raw))
    end = round(raw * 10) - 10 * int(raw) if 0 < raw < _MOST_MONTH else 0
    if end in {1, 2, 3}:
        words = _("%(n)s 可能是 %(a)s 日，也可能是 %(b)s 日，请写成“3月5日”的样子。")
        raise Unreadable("date_either", words % {"n": readers.plain(raw), "a": end, "b": end * 10})
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def weekday_fault(found: date, said: str) -> str:
    """What is wrong when a weekday written beside a day is not its own; nothing when it is."""
    own = WEEKDAYS[found.weekday()]
    if said.replace("天", "日") == own:
        return ""
    return _("%(d)s是周%(own)s，表中写的是周%(said)s，请把日期或星期改对。") % {
        "d": f"{found.year}年{found.month}月{found.day}日", "own": own, "said": said,
    }  # fmt: skip


def day_of(value: str, first: date, last: date) -> date | None:
    """The day that was read; without a year the one within the class, else of the year it begins in."""
    short = _SHORT.fullmatch(value)
    if not short:
        return date.fromisoformat(value) if value else None
    years = sorted({first.year, last.year})
    found = [each for year in years if (each := _day(year, int(short[1]), int(short[2])))]
    return next((each for each in found if first <= each <= last), found[0] if found else None)


def starts(raw: Raw) -> Reading:
    """When a session begins, as 09:00; from 9:00-11:30 its end is kept beside it."""
    found = _clocks(raw)
    if not found:
        return Reading("")
    extra = {"starts_ends": f"{found[1]:%H:%M}"} if len(found) > 1 else {}
    return Reading(f"{found[0]:%H:%M}", "", extra)


def ends(raw: Raw) -> Reading:
    """When a session ends, as 11:30."""
    found = _clocks(raw)
    if len(found) > 1:
        raise Unreadable("time_bad", _("这里只填结束时间，如 11:30；起止时间请一起写在“开始”格里。"))
    return Reading(f"{found[0]:%H:%M}" if found else "")


def _clocks(raw: Raw) -> list[time]:
    """One time, or two in their order; nothing for a blank cell."""
    if isinstance(raw, datetime):
        return [raw.time().replace(second=0, microsecond=0)]
    if isinstance(raw, int | float) and not isinstance(raw, bool) and 0 < raw < 1:
        minutes = round(raw * 24 * 60) % (24 * 60)
        return [time(minutes // 60, minutes % 60)]
    given = re.sub(r"\s", "", normal_text(readers.plain(raw)))
    if given in _EMPTY:
        return []
    found: list[time] = []
    half = ""
    for part in _TO.split(given):
        named = _HALF.match(part)
        half = HALF_OF[named[0]] if named else half
        clock = _clock(part[named.end() :] if named else part, half)
        if clock is None or len(found) > 1:
            raise Unreadable("time_bad", _("读不出时间，请写成“9:00”或“9:00-11:30”的样子。"))
        found.append(clock)
    if found != sorted(set(found)):
        raise Unreadable("time_order", _("结束时间要晚于开始时间。"))
    return found


def _clock(words: str, half: str) -> time | None:
    parts = _CLOCK.fullmatch(words)
    if not parts:
        return None
    hour, minute = int(parts[1]), 30 if parts[4] else int(parts[2] or parts[3] or 0)
    if half in {"pm", "ev"} and hour < 11:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def half(raw: Raw) -> Reading:
    """上午, 下午 or 晚上."""
    word = re.sub(r"\s", "", normal_text(readers.plain(raw)))
    if word in _EMPTY:
        return Reading("")
    if word not in HALF_OF:
        raise Unreadable("half_bad", _("时段请填上午、下午或晚上。"))
    return Reading(HALVES[HALF_OF[word]][0])


def half_at(starts_at: str) -> str:
    """The half-day, in its word, that a session beginning then belongs to."""
    return HALF_WORDS[0 if starts_at < "12:00" else 1 if starts_at < "18:00" else 2]


def kind(raw: Raw) -> Reading:
    """The kind of a session, by its own word or one that means the same."""
    word = re.sub(r"[\s()]", "", normal_text(readers.plain(raw)))
    if word in _EMPTY:
        return Reading("")
    if word not in KIND_OF:
        words = _("没有这种课次类型，请填以下之一：%(words)s。") % {"words": "、".join(KIND_WORDS)}
        raise Unreadable("kind_bad", words)
    return Reading(KINDS[KIND_OF[word]][0])


def kind_in(title: str) -> str:
    """The word of the kind a title names by itself; a lecture where it names none."""
    for found in (K.OPENING, K.CLOSING):
        if any(word in title for word in KINDS[found]):
            return KINDS[found][0]
    return KINDS[K.LECTURE][0]


def teacher(raw: Raw) -> Reading:
    """One teacher's name without 教授 or 老师; a unit in brackets behind it is kept beside."""
    given = normal_text(readers.plain(raw))
    if re.sub(r"\s", "", given) in _EMPTY:
        return Reading("")
    bracketed = re.fullmatch(r"([^()]+)\(([^()]+)\)", given)
    name, unit = (bracketed[1], bracketed[2]) if bracketed else (given, "")
    if _SEVERAL.search(name.strip()):
        words = _("一个课次登记一位主讲。请只留一位，其他人写在题目里或分成几个课次。")
        raise Unreadable("several", words)
    name = normal_name(_TITLES.sub("", re.sub(r"\s", "", name) if not name.isascii() else name).strip())
    if len(name) > 60:
        raise Unreadable("too_long", _("姓名过长，请核对是否填错了格子。"))
    return Reading(name, "", {"teacher_unit": tidy_title(unit)} if unit else {})


def hours(raw: Raw) -> Reading:
    """Study hours from 0 to 4 with one decimal; 3学时 is 3."""
    given: Raw = (
        re.sub(r"(个?学时|课时|小时|h)$", "", normal_text(raw).lower()) if isinstance(raw, str) else raw
    )
    found = readers.number(0, 4, 1)(given)
    return Reading(plain_hours(Decimal(found.value)) if found.value else "")


def plain_hours(value: Decimal) -> str:
    """Hours without a nought behind the point: 3, 2.5."""
    return f"{value.normalize():f}"


def usual_hours(half_word: str) -> Decimal:
    """The hours a session of a half-day has as long as nothing is said, as in the form."""
    return Decimal(2 if HALF_OF.get(half_word) == "ev" else 3)
