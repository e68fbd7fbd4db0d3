"""Numbers and names as people write them: read, repaired where that is safe, checked and masked."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import mul
from time import localtime

from django.utils.translation import gettext as _

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_ONLY = re.compile(rf"[{HAN}·\s]+")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·])")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
# Full-width digits, letters and the ideographic blank; punctuation such as （）：， stays Chinese.
_NARROW = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NARROW[0x3000] = 0x20
_DASHES = re.compile("[‐‑‒–—―−－ー]")
# What nearly every cell holds already; it needs no mending.
_MOBILE = re.compile("1[3-9][0-9]{9}")
_WHOLE_ID = re.compile("[0-9]{17}[0-9X]")
_OLD_ID = re.compile(r"\d{15}")

# GB/T 2260 provinces; 83 stands in the residence permits of Taiwan residents.
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VERIFY_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_EARLIEST_YEAR = 1900


def normal_text(text: str) -> str:
    """The text for comparison: NFKC, no invisible marks, single blanks, none at the ends; 〔〕 stays 〔〕."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())


def tidy_text(text: str) -> str:
    """The text for keeping: narrow digits and letters, single blanks, Chinese punctuation untouched."""
    return " ".join(_INVISIBLE.sub("", text).translate(_NARROW).split())


def tidy_title(text: str) -> str:
    """An organisation's or activity's name without the stray blanks between Chinese characters."""
    return _BETWEEN_HAN.sub("", tidy_text(text))


def normal_name(text: str) -> str:
    """A person's name: inner blanks go from Chinese names (张　三) and stay in romanised ones."""
    name = re.sub("[•‧・･⋅∙]", "·", normal_text(text))
    if _HAN_ONLY.fullmatch(name):
        return re.sub(r"\s+", "", name)
    return _BETWEEN_HAN.sub("", name)


@dataclass(frozen=True)
class Phones:
    """What one phone cell (联系电话) holds: the mobile to use, and whatever else stood there."""

    mobile: str = ""
    others: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def normal_phone(text: str) -> str:
    """One number without separators: 11 digits for a mobile, 0756-2222222 for a landline, +852… for abroad.

    Returns an empty string when it is none of these.
    """
    if _MOBILE.fullmatch(text):
        return text
    number = re.sub(r"[\s().\-_·]", "", _DASHES.sub("-", normal_text(text)))
    if re.fullmatch(r"(\+|00)?(852|853)[2-9]\d{7}", number):
        return "+" + re.sub(r"^(\+|00)", "", number)
    number = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", number)
    if _MOBILE.fullmatch(number):
        return number
    land = re.fullmatch(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})((?:转|#|ext)\d{1,6})?", number)
    if land:
        extension = re.sub(r"^\D+", "", land[3]) if land[3] else ""
        return f"{land[1]}-{land[2]}" + (f"转{extension}" if extension else "")
    return ""


def read_phones(text: str) -> Phones:
    """The numbers of a cell that may hold several, parted by / 、 , ; 或, a line break or blanks."""
    if _MOBILE.fullmatch(text):
        return Phones(text)
    parts = [
        part
        for part in re.split(r"[/\\、,，;；|\n\r]|或", unicodedata.normalize("NFKC", text))
        if part.strip()
    ]
    if len(parts) == 1 and not normal_phone(parts[0]):
        blanks = parts[0].split()
        if len(blanks) > 1 and all(normal_phone(part) for part in blanks):
            parts = blanks
    labelled = [re.sub(r"^\s*(手机|电话|座机|办公|办|宅|联系电话)[号码]*[::]?", "", part) for part in parts]
    numbers = [(normal_phone(part), part.strip()) for part in labelled]
    good = [number for number, _raw in numbers if number]
    mobile = next((n for n in good if re.fullmatch(r"1\d{10}", n) or n.startswith("+")), "")
    return Phones(
        mobile,
        tuple(n for n in good if n != mobile),
        tuple(raw for number, raw in numbers if not number),
    )


def normal_id_number(text: str) -> str:
    """An identity number with narrow capitals and without blanks, dashes or a leading apostrophe."""
    if _WHOLE_ID.fullmatch(text):
        return text
    return re.sub(r"[\s'’`.\-]", "", _DASHES.sub("-", normal_text(text))).upper()


def id_number_fault(text: str) -> str | None:
    """What is wrong with an 18-digit resident identity number (GB 11643), or None.

    The sentence never repeats the number, so it may be stored and shown.
    """
    number = normal_id_number(text)
    if _OLD_ID.fullmatch(number):
        return _("这是 15 位的旧身份证号，请改填 18 位的公民身份号码。")
    if len(number) != 18:
        return _("身份证号应为 18 位，这里是 %(n)s 位，请对照证件补全。") % {"n": len(number)}
    if not _WHOLE_ID.fullmatch(number):
        return _("身份证号只能由数字组成（末位可为 X），这里有其他字符，请改正。")
    if number[:2] not in PROVINCES:
        return _("身份证号前两位不是有效的地区代码，请对照证件改正。")
    if id_birth_date(number) is None:
        return _("身份证号第 7 至 14 位不是有效的出生日期，请对照证件改正。")
    if id_check_digit(number[:17]) != number[17]:
        return _("身份证号校验不通过，其中至少有一位写错，请对照证件改正。")
    return None


def id_check_digit(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits (ISO 7064 MOD 11-2). ValueError for more or fewer."""
    if len(first17) != len(_ID_WEIGHTS):
        raise ValueError("seventeen digits")
    return _ID_CHECKS[sum(map(mul, map(int, first17), _ID_WEIGHTS)) % 11]


def id_birth_date(number: str) -> date | None:
    """The birth date inside an 18-digit identity number; None when it is no past date since 1900."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_YEAR and born <= date(*localtime()[:3]) else None


def id_sex(number: str) -> str:
    """男 or 女 by the 17th digit of an 18-digit identity number."""
    return "男" if int(number[16]) % 2 else "女"


def id_kind(text: str) -> str:
    """Which paper a number looks like: resident, hk_macao, taiwan, passport or empty."""
    number = normal_id_number(text)
    if re.fullmatch(r"\d{17}[\dX]", number):
        return "resident"
    if re.fullmatch(r"[HM]\d{8}(\d{2})?", number):
        return "hk_macao"
    if re.fullmatch(r"\d{8}", number):
        return "taiwan"
    if re.fullmatch(r"(?=.*\d{6})[A-Z]{1,2}\d{6,9}", number):
        return "passport"
    return ""


@dataclass(frozen=True)
class BirthMonth:
    """A month of birth (出生年月) as read: "1985-03", or the two it may be (1985.1 as a number)."""

    value: str = ""
    either: tuple[str, ...] = ()


def _month(year: int, month: int) -> BirthMonth:
    today = datetime.now().astimezone().date()
    if 0 <= year < 100:
        year += 2000 if year <= today.year % 100 - 10 else 1900
    if not (_EARLIEST_YEAR <= year <= today.year and 1 <= month <= 12):
        raise ValueError(_("这不是有效的出生年月，请按“1985-03”的样子填写。"))
    return BirthMonth(f"{year:04d}-{month:02d}")


def _month_from_number(number: float) -> BirthMonth:
    if number == int(number):
        whole = int(number)
        if 190001 <= whole <= 299912:
            return _month(whole // 100, whole % 100)
        if 19000101 <= whole <= 29991231:
            return _month(whole // 10000, whole // 100 % 100)
        if 3000 <= whole <= 60000:
            day = date(1899, 12, 30) + timedelta(days=whole)
            return _month(day.year, day.month)
        raise ValueError(_("这里只有年份或不是日期，请补上月份，如“1985-03”。"))
    year, hundredths = int(number), round((number - int(number)) * 100)
    if hundredths == 10:
        # Excel shows 1985.10 typed as a number as 1985.1: January and October look the same.
        return BirthMonth("", (_month(year, 1).value, _month(year, 10).value))
    if hundredths % 10 == 0:
        return _month(year, hundredths // 10)
    return _month(year, hundredths)


def birth_month(raw: str | float | date) -> BirthMonth:
    """A month of birth from a date, an Excel number or text such as 1985.3, 1985年3月, 198503, 85.03.

    A number 1985.1 may be January or October: `value` is empty and `either` names both.
    Raises ValueError with a Chinese sentence when it cannot be read.
    """
    if isinstance(raw, date):
        return _month(raw.year, raw.month)
    if isinstance(raw, int | float):
        return _month_from_number(float(raw))
    text = re.sub(r"\s|生$|出生$", "", _DASHES.sub("-", normal_text(raw)))
    parts = re.fullmatch(
        r"(\d{4}|\d{2})[.\-/年、·](\d{1,2})月?(?:[.\-/]?\d{1,2}[日号]?)?(?:[T ]?00:00:00)?", text
    )
    if parts:
        return _month(int(parts[1]), int(parts[2]))
    if re.fullmatch(r"\d{5,8}", text):
        return _month_from_number(float(text))
    raise ValueError(_("读不出出生年月，请按“1985-03”的样子填写。"))


def sex(text: str) -> str:
    """男, 女, or an empty string when it is neither."""
    word = normal_text(text).replace(" ", "").upper()
    if word in {"男", "男性", "先生", "M", "MALE"}:
        return "男"
    return "女" if word in {"女", "女性", "女士", "F", "FEMALE"} else ""


def credit_code_fault(text: str) -> str | None:
    """What is wrong with a unified social credit code (GB 32100), or None."""
    code = normal_id_number(text)
    if len(code) != 18:
        return _("统一社会信用代码应为 18 位，这里是 %(n)s 位。") % {"n": len(code)}
    if any(letter not in _CREDIT_LETTERS for letter in code):
        return _("统一社会信用代码只用数字和大写字母，且不含 I、O、S、V、Z，请改正。")
    total = sum(_CREDIT_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    if _CREDIT_LETTERS[(31 - total % 31) % 31] != code[17]:
        return _("统一社会信用代码校验不通过，其中至少有一位写错，请对照证书改正。")
    return None


def verify_code(length: int = 10) -> str:
    """A random code to print and type in: no 0 O 1 I L, which people confuse."""
    return "".join(secrets.choice(_VERIFY_LETTERS) for _place in range(length))


def mask_id_number(number: str) -> str:
    """An identity number for the screen: 440***********1234; short ones keep one character at each end."""
    if len(number) >= 15:
        return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
    return number[:1] + "*" * max(len(number) - 2, 0) + number[-1:] if len(number) > 2 else "*" * len(number)


def mask_phone(number: str) -> str:
    """A phone number for the screen: 138****1234; others keep their last two characters."""
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 2 else "*" * len(number)
