"""How Chinese names are spelt: full pinyin and initials, with the surnames that are read in their own way."""

import re
from functools import lru_cache
from itertools import chain

# Surnames whose reading as a name differs from the everyday one that a dictionary gives. Both are indexed.
SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu", "鲜于": "xian yu",
    "宿": "su", "单": "shan", "仇": "qiu", "曾": "zeng", "区": "ou", "解": "xie", "查": "zha", "任": "ren",
    "朴": "piao", "覃": "qin", "盖": "ge", "乐": "yue", "缪": "miao", "尉": "wei", "折": "she", "繁": "po",
    "员": "yun", "洗": "xian", "冼": "xian", "召": "shao", "秘": "bi", "隗": "wei", "郇": "xun", "郗": "xi",
    "逄": "pang", "阚": "kan", "缑": "gou", "逯": "lu", "能": "nai", "黑": "he", "句": "gou", "都": "du",
    "华": "hua", "燕": "yan", "纪": "ji", "过": "guo", "葛": "ge", "宁": "ning", "翟": "zhai", "祭": "zhai",
    "种": "chong", "谌": "chen", "应": "ying", "车": "che", "教": "jiao", "牟": "mou", "佴": "nai", "晟": "cheng",
    "卜": "bu", "褚": "chu", "柏": "bai", "瞿": "qu", "哈": "ha", "那": "na", "贲": "ben", "邵": "shao", "沈": "shen",
}  # fmt: skip
HAN = re.compile(r"[\u3400-\u9fff]")
NAME = 4
_GAPS = re.compile(r"[\s·•.]")


def _surname(name: str) -> str:
    return next((name[:length] for length in (2, 1) if name[:length] in SURNAMES), "")


def syllables(name: str) -> list[str]:
    """The syllables of a person's name without tones, the surname as surnames are read."""
    name = _GAPS.sub("", name)
    surname = _surname(name)
    head = SURNAMES[surname].split() if surname else []
    return [*head, *(part.lower() for part in _plain(name[len(surname) :]))]


def _plain(text: str) -> tuple[str, ...]:
    """The everyday reading; a short name that holds no phrase is read character by character, at a seventh of the cost.

    Characters are read differently only inside a phrase of the library's dictionary, and a phrase has two at least.
    """
    if 0 < len(text) <= NAME and HAN.sub("", text) == "":
        # Its dictionaries take 57 MB; a web process that spells nothing does without them.
        from pypinyin.constants import PHRASES_DICT

        ends = range(2, len(text) + 1)
        if not any(text[start:end] in PHRASES_DICT for end in ends for start in range(end - 1)):
            return tuple(chain.from_iterable(_read(each) for each in text))
    return _read(text)


@lru_cache(maxsize=8192)
def _read(text: str) -> tuple[str, ...]:
    """What the library reads; it writes ü as v, which is also how people type it."""
    from pypinyin import Style, lazy_pinyin

    return tuple(part for part in lazy_pinyin(text, style=Style.NORMAL, errors="default") if part.strip())


def _initials(parts: list[str]) -> str:
    return "".join(part[0] for part in parts if part)


def index_of(name: str) -> str:
    """What a name is found by: "zengxiaoming zxm", and both readings where the surname has two.

    The surname's own reading stands first, so that sorting by this column sorts as people do.
    """
    bare = _GAPS.sub("", name)
    readings = [syllables(bare)]
    # Read twice only where the surname has a reading of its own.
    everyday = [part.lower() for part in _plain(bare)] if _surname(bare) else readings[0]
    if everyday != readings[0]:
        readings.append(everyday)
    words = [word for parts in readings for word in ("".join(parts), _initials(parts)) if word]
    return " ".join(dict.fromkeys(words))[:200]


def syllables_of_text(text: str, limit: int) -> list[str]:
    """The syllables of the first `limit` Chinese characters of any text (titles, units)."""
    return [part.lower() for part in _plain("".join(HAN.findall(text))[:limit])]


def of_text(text: str, limit: int = 40) -> str:
    """Full pinyin and initials of the first Chinese characters of any text: "kexie kx"."""
    parts = syllables_of_text(text, limit)
    return f"{''.join(parts)} {_initials(parts)}".strip()
