"""How a cell is read: from what Excel holds to the value that is kept, or a fault that says how to mend it."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from keyuan.kernel import codes
from keyuan.kernel.sheet.describe import Column, Raw, Reader, Reading, Unreadable

_NOTHING = frozenset({"", "无", "/", "\\", "-", "--", "—", "——", "暂无", "没有", "none", "n/a", "null"})
_YES = frozenset({"是", "√", "✓", "✔", "☑", "要", "住", "住宿", "需要", "有", "y", "yes", "1", "true", "v"})
_NO = frozenset(
    {"否", "×", "✗", "✘", "x", "不", "不住", "不要", "不需要", "不住宿", "无", "n", "no", "0", "false"}
)


def plain(raw: Raw) -> str:
    """The cell as people see it: whole numbers without .0, dates as 2020-05-06."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float):
        return str(int(raw)) if float(raw).is_integer() else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    return raw.isoformat()


def _given(raw: Raw) -> str:
    """The text of a cell in which 无, / or — mean that nothing is there."""
    text = plain(raw)
    return "" if codes.normal_text(text).lower() in _NOTHING else text


def text(raw: Raw) -> Reading:
    """Text in one line, full-width digits and letters narrowed."""
    return Reading(codes.tidy_text(plain(raw)))


def limited(length: int) -> Reader:
    """Text of at most `length` characters."""

    def read(raw: Raw) -> Reading:
        value = codes.tidy_text(plain(raw))
        if len(value) > length:
            raise Unreadable(
                "too_long", _("最多 %(n)s 个字，这里有 %(m)s 个，请缩短。") % {"n": length, "m": len(value)}
            )
        return Reading(value)

    return read


def title(raw: Raw) -> Reading:
    """The name of an organisation or activity, without stray blanks between characters."""
    value = codes.tidy_title(plain(raw))
    if len(value) > 80:
        raise Unreadable("too_long", _("名称过长，请核对是否填错了格子。"))
    return Reading(value)


def name(raw: Raw) -> Reading:
    """A person's name (姓名)."""
    value = codes.normal_name(_given(raw))
    if value and not re.search(rf"[{codes.HAN}A-Za-z]", value):
        raise Unreadable("name_bad", _("这里不像姓名，请填写本人姓名。"))
    if len(value) > 60:
        raise Unreadable("too_long", _("姓名过长，请一行只填一个人。"))
    return Reading(value)


def sex(raw: Raw) -> Reading:
    """男 or 女."""
    given = _given(raw)
    value = codes.sex(given)
    if given.strip() and not value:
        raise Unreadable("sex_bad", _("性别请填“男”或“女”。"))
    return Reading(value)


def phone(raw: Raw) -> Reading:
    """A mobile (手机); landlines and further numbers of the same cell are kept apart as `phone_other`."""
    given = _given(raw)
    if not given.strip():
        return Reading("")
    if re.search(r"\d[eE]\+?\d", given):
        raise Unreadable(
            "phone_number", _("号码变成了科学计数法，后几位已丢失，请重新填写，并把单元格设为文本。")
        )
    found = codes.read_phones(given)
    if found.unread or not (found.mobile or found.others):
        raise Unreadable("phone_bad", _("读不出手机号：应为 11 位数字，多个号码之间用“/”分开。"))
    hint = "" if found.mobile else _("只有固定电话，短信通知将无法送达。")
    extra = {"phone_other": "/".join(found.others)} if found.others else {}
    return Reading(found.mobile, hint, extra)


def email(raw: Raw) -> Reading:
    """An e-mail address (邮箱) in small letters."""
    value = codes.normal_text(_given(raw)).replace(" ", "").lower()
    if value and not re.fullmatch(r"[^@\s,;<>\"]{1,64}@([a-z0-9\-]+\.)+[a-z0-9\-]{2,}", value):
        raise Unreadable("email_bad", _("邮箱地址不完整，应如 name@example.com。"))
    return Reading(value)


def identity(raw: Raw) -> Reading:
    """An identity number (证件号码); resident numbers are checked, other papers recognised by their form.

    A numeric cell is damaged whatever it shows: Excel keeps 15 digits, and 9 % of such remains still
    pass the check digit.
    """
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise Unreadable(
            "id_number",
            _("单元格是数字格式，Excel 只保留前 15 位，后几位已丢失。请把单元格设为文本后重新填写完整号码。"),
        )
    number = codes.normal_id_number(_given(raw))
    if not number:
        return Reading("")
    if re.fullmatch(r"\d(\d*)E\+?\d+", number):
        raise Unreadable(
            "id_number", _("号码变成了科学计数法，后几位已丢失。请把单元格设为文本后重新填写完整号码。")
        )
    kind = codes.id_kind(number)
    if kind in {"hk_macao", "taiwan", "passport"}:
        return Reading(number, _("按其他证件收下，请核对证件类型。"), {"id_kind": kind})
    fault = codes.id_number_fault(number)
    if fault:
        raise Unreadable("id_bad", fault)
    return Reading(number, "", {"id_kind": "resident"})


def birth_month(raw: Raw) -> Reading:
    """A month of birth (出生年月) as 1985-03; the number 1985.1 asks whether January or October is meant."""
    given: Raw = _given(raw) if raw is None or isinstance(raw, str | bool) else raw
    if given is None or given == "":
        return Reading("")
    try:
        month = codes.birth_month(given)
    except ValueError as error:
        raise Unreadable("birth_month_bad", str(error)) from error
    if month.either:
        first, second = month.either
        asked = _("表格中的 %(year)s.1 可能是 1 月，也可能是 10 月，请确认。") % {"year": first[:4]}
        return Reading("", asked, {"birth_month_either": f"{first}/{second}"})
    return Reading(month.value)


def yes_no(raw: Raw) -> Reading:
    """是, 否 or blank, from √, ×, 住, 不住 and the like."""
    word = codes.normal_text(plain(raw)).lower()
    if word in _YES:
        return Reading("是")
    if word in _NO:
        return Reading("否")
    if word in _NOTHING:
        return Reading("")
    raise Unreadable("yes_no_bad", _("请填“是”或“否”。"))


def day(raw: Raw) -> Reading:
    """A date as 2020-05-06."""
    if isinstance(raw, datetime):
        return Reading(raw.date().isoformat())
    if isinstance(raw, date):
        return Reading(raw.isoformat())
    given = re.sub(r"\s", "", codes.normal_text(_given(raw)))
    if not given:
        return Reading("")
    parts = re.fullmatch(r"(\d{4})[.\-/年](\d{1,2})[.\-/月](\d{1,2})[日号]?", given) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", given
    )
    try:
        if parts:
            return Reading(date(int(parts[1]), int(parts[2]), int(parts[3])).isoformat())
    except ValueError:
        pass
    raise Unreadable("date_bad", _("读不出日期，请按“2020-05-06”的样子填写。"))


def number(least: Decimal | int = 0, most: Decimal | int = 1_000_000, places: int = 0) -> Reader:
    """A number within limits with at most `places` decimals, as plain text for Decimal."""

    def read(raw: Raw) -> Reading:
        given = codes.normal_text(_given(raw)).replace(",", "").replace(" ", "")
        if not given:
            return Reading("")
        try:
            value = Decimal(given)
        except InvalidOperation as error:
            raise Unreadable("number_bad", _("这里应填数字。")) from error
        if not value.is_finite() or not least <= value <= most:
            raise Unreadable("number_range", _("应在 %(a)s 与 %(b)s 之间。") % {"a": least, "b": most})
        if value != round(value, places):
            raise Unreadable("number_places", _("最多保留 %(n)s 位小数。") % {"n": places})
        return Reading(f"{value:.{places}f}" if places else str(int(value)))

    return read


def choice(*words: str) -> Reader:
    """One of the given words."""

    def read(raw: Raw) -> Reading:
        value = codes.tidy_title(_given(raw))
        if value and value not in words:
            raise Unreadable("choice_bad", _("请填以下之一：%(words)s。") % {"words": "、".join(words)})
        return Reading(value)

    return read


def checked(reader: Reader, test: Callable[[str], str | None], code: str) -> Reader:
    """The reader with one more test, which answers a Chinese fault or None."""

    def read(raw: Raw) -> Reading:
        reading = reader(raw)
        fault = test(reading.value) if reading.value else None
        if fault:
            raise Unreadable(code, fault)
        return reading

    return read


def told(key: str, title: str, width: int = 12) -> Column:
    """A column of plain text, as the lists have them that are handed out and not read back."""
    return Column(key, title, text, width=width)
