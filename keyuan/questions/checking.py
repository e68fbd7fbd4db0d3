"""What is wrong with a question, in words that say how to mend it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from keyuan.questions import richtext
from keyuan.questions.items import (
    NONE,
    ONE,
    Accepted,
    Blanks,
    Item,
    Long,
    Matching,
    Multiple,
    Numeric,
    Ordering,
    Picture,
    Short,
    Single,
    Truth,
)

TEXT_LIMIT: Final = 20_000
WORDS_LIMIT: Final = 500
CHOICES: Final = 26
BLANKS: Final = 30
TAGS: Final = 20
PICTURES: Final = 20
PICTURE_BYTES: Final = 5 * 1024 * 1024
NAME_LIMIT: Final = 120
POINTS_LIMIT: Final = Decimal(1000)
NUMBER_LIMIT: Final = Decimal(10) ** 15
SHARE_PLACES: Final = Decimal("0.00001")
# Three thirds of 33.333% are as good as a whole.
SLACK: Final = Decimal("0.001")
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")

Faults = Iterator[str]


def faults_of(item: Item) -> list[str]:
    """Everything wrong with an item, the general first."""
    return [*_general(item), *_texts(item), *_pictures(item), *_BODIES[type(item.body)](item, item.body)]


def is_picture(data: bytes) -> bool:
    """Whether the bytes begin as a PNG, JPEG, GIF or WebP file does."""
    return data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _general(item: Item) -> Faults:
    if not item.text.strip():
        yield _("题干是空的，请填写题干。")
    if not (NONE < item.points <= POINTS_LIMIT) or item.points != round(item.points, 2):
        yield _("分值应在 0.01 到 1000 之间，最多两位小数。")
    if item.difficulty not in range(6):
        yield _("难度应为 1 到 5，不清楚时留空。")
    for name, words in ((_("编号"), item.code), (_("题名"), item.title), (_("分类"), item.category)):
        if len(words) > NAME_LIMIT or words != _one_line(words):
            yield _("%(name)s应为一行，不超过 %(most)s 个字。") % {"name": name, "most": NAME_LIMIT}
    if len(item.tags) > TAGS or len(set(item.tags)) != len(item.tags):
        yield _("标签最多 %(most)s 个，且不能重复。") % {"most": TAGS}
    if any(
        not tag or len(tag) > 40 or tag != _one_line(tag) or "," in tag or "，" in tag for tag in item.tags
    ):
        yield _("标签应为不含逗号的一行字，不超过 40 个字。")


def _one_line(words: str) -> str:
    return " ".join(richtext.printable(words).split())


def texts_of(item: Item) -> list[str]:
    """Every text of the item that may hold markup."""
    return [item.text, item.feedback, *_texts_within(item.body)]


def _texts_within(body: Any) -> Iterator[str]:
    if isinstance(body, Single | Multiple):
        for choice in body.choices:
            yield from (choice.text, choice.feedback)
    elif isinstance(body, Truth):
        yield from (body.feedback_true, body.feedback_false)
    elif isinstance(body, Matching):
        for pair in body.pairs:
            yield from (pair.left, pair.right)
        yield from body.extra
    elif isinstance(body, Ordering):
        yield from body.parts
    elif isinstance(body, Numeric):
        yield from (each.feedback for each in body.values)
    elif isinstance(body, Blanks):
        yield from (each.feedback for blank in body.blanks for each in blank.accepted)
    elif isinstance(body, Short):
        yield body.guide
        yield from (each.feedback for each in body.accepted)
    else:
        yield from (body.guide, body.template)


def _texts(item: Item) -> Faults:
    texts = texts_of(item)
    if any(len(text) > TEXT_LIMIT for text in texts):
        yield _("一段文字最多 %(most)s 个字符，请缩短。") % {"most": TEXT_LIMIT}
    elif any(text != richtext.clean(text) for text in texts):
        yield _("文字里有不允许的格式（脚本、样式或外部地址），请去掉。")
    if not isinstance(item.body, Blanks) and richtext.blanks_in(item.text):
        yield _("题干里有填空标记 [[1]]，但本题不是填空题；请去掉标记或改为填空题。")


def _pictures(item: Item) -> Faults:
    names = [picture.name for picture in item.pictures]
    used = {name for text in texts_of(item) for name in richtext.pictures_in(text)}
    for name in sorted(used - set(names)):
        yield _("找不到图片“%(name)s”，请一并提供。") % {"name": name}
    for name in sorted(set(names) - used):
        yield _("图片“%(name)s”没有用到，请去掉。") % {"name": name}
    if len(set(names)) != len(names) or len(names) > PICTURES:
        yield _("图片最多 %(most)s 张，且不能重名。") % {"most": PICTURES}
    for picture in item.pictures:
        yield from _picture(picture)


def _picture(picture: Picture) -> Faults:
    if not richtext.PICTURE_NAME.fullmatch(picture.name):
        yield _("图片名“%(name)s”含有不允许的字符，请改名。") % {"name": picture.name}
    if not is_picture(picture.data):
        yield _("图片“%(name)s”不是 PNG、JPEG、GIF 或 WebP，请转换后再传。") % {"name": picture.name}
    elif len(picture.data) > PICTURE_BYTES:
        yield _("图片“%(name)s”超过 5 MB，请缩小后再传。") % {"name": picture.name}


def _shares(shares: Iterable[Decimal]) -> Faults:
    if any(not (-ONE <= share <= ONE) or share != share.quantize(SHARE_PLACES) for share in shares):
        yield _("得分比例应在 -100% 到 100% 之间，最多三位小数。")


def _several(texts: list[str], least: int, name: str, most: int = CHOICES) -> Faults:
    if not least <= len(texts) <= most:
        yield _("%(name)s应有 %(least)s 到 %(most)s 个。") % {"name": name, "least": least, "most": most}
    if any(not text.strip() for text in texts):
        yield _("有空的%(name)s，请填写或删去。") % {"name": name}
    doubled = [text for text, times in Counter(texts).items() if times > 1 and text.strip()]
    if doubled:
        shown = richtext.to_plain(doubled[0])[:20]
        yield _("%(name)s“%(text)s”重复，请改正。") % {"name": name, "text": shown}


def _single(item: Item, body: Single) -> Faults:
    yield from _several([choice.text for choice in body.choices], 2, _("选项"))
    yield from _shares(choice.share for choice in body.choices)
    if not any(choice.share == ONE for choice in body.choices):
        yield _("没有得满分的选项，请指定正确答案。")


def _multiple(item: Item, body: Multiple) -> Faults:
    yield from _several([choice.text for choice in body.choices], 2, _("选项"))
    yield from _shares(choice.share for choice in body.choices)
    right = [choice.share for choice in body.choices if choice.share > NONE]
    if not right:
        yield _("没有正确选项，请指定正确答案。")
    elif abs(sum(right) - ONE) > SLACK:
        yield _("正确选项的得分比例之和应为 100%。")


def _truth(item: Item, body: Truth) -> Faults:
    yield from ()


def _accepted(answers: tuple[Accepted, ...]) -> Faults:
    if len(answers) > CHOICES:
        yield _("可接受答案最多 %(most)s 个。") % {"most": CHOICES}
    if any(not each.text.strip() for each in answers):
        yield _("有空的可接受答案，请填写或删去。")
    if any(len(each.text) > WORDS_LIMIT or each.text != _one_line(each.text) for each in answers):
        yield _("可接受答案应为一行，不超过 %(most)s 个字，首尾不留空格。") % {"most": WORDS_LIMIT}
    if len({each.text for each in answers}) != len(answers):
        yield _("可接受答案有重复，请删去一个。")
    if any(not (NONE <= each.share <= ONE) for each in answers):
        yield _("可接受答案的得分比例应在 0 到 100% 之间。")
    else:
        yield from _shares(each.share for each in answers)
    if not any(each.share == ONE for each in answers):
        yield _("没有得满分的答案，请指定正确答案。")


def _blanks(item: Item, body: Blanks) -> Faults:
    if not 1 <= len(body.blanks) <= BLANKS:
        yield _("%(name)s应有 %(least)s 到 %(most)s 个。") % {"name": _("空"), "least": 1, "most": BLANKS}
    if richtext.blanks_in(item.text) != list(range(1, len(body.blanks) + 1)):
        yield _("题干里的填空标记应依次为 [[1]]、[[2]]……，与答案一一对应。")
    for number, blank in enumerate(body.blanks, 1):
        for fault in _accepted(blank.accepted):
            yield _("第 %(number)s 空：%(fault)s") % {"number": number, "fault": fault}
        if not 1 <= blank.weight <= 100:
            yield _("第 %(number)s 空：%(fault)s") % {
                "number": number,
                "fault": _("权重应为 1 到 100 的整数。"),
            }


def _matching(item: Item, body: Matching) -> Faults:
    yield from _several([pair.left for pair in body.pairs], 2, _("待配对项"))
    yield from _several(list(body.options), 2, _("备选项"))
    if len({pair.right for pair in body.pairs} | set(body.extra)) != len(
        {pair.right for pair in body.pairs}
    ) + len(body.extra):
        yield _("多余的备选项与别的重复，请删去。")


def _ordering(item: Item, body: Ordering) -> Faults:
    yield from _several(list(body.parts), 2, _("排序项"))


def _numeric(item: Item, body: Numeric) -> Faults:
    if not 1 <= len(body.values) <= CHOICES:
        yield _("%(name)s应有 %(least)s 到 %(most)s 个。") % {
            "name": _("数值答案"),
            "least": 1,
            "most": CHOICES,
        }
    numbers = [number for each in body.values for number in (each.value, each.tolerance)]
    if any(not number.is_finite() or abs(number) > NUMBER_LIMIT for number in numbers):
        yield _("数值答案太大或不是数，请改正。")
    elif any(each.tolerance < NONE for each in body.values):
        yield _("允许误差不能小于 0。")
    if any(not (NONE <= each.share <= ONE) for each in body.values):
        yield _("数值答案的得分比例应在 0 到 100% 之间。")
    if not any(each.share == ONE for each in body.values):
        yield _("没有得满分的答案，请指定正确答案。")
    yield from _units(body)


def _units(body: Numeric) -> Faults:
    names = [unit.name for unit in body.units]
    if any(not name or len(name) > 20 or name != _one_line(name) or name[0].isdigit() for name in names):
        yield _("单位应为不超过 20 个字的一行字，不以数字开头。")
    if len(set(names)) != len(names) or len(names) > 20:
        yield _("单位最多 20 个，且不能重复。")
    if any(not unit.factor.is_finite() or unit.factor <= NONE for unit in body.units):
        yield _("单位换算的倍数应大于 0。")
    elif body.units and body.units[0].factor != ONE:
        yield _("第一个单位的倍数应为 1。")
    if body.unit_needed and not body.units:
        yield _("要求写单位，却没有给出单位。")


def _short(item: Item, body: Short) -> Faults:
    if body.accepted:
        yield from _accepted(body.accepted)


def _long(item: Item, body: Long) -> Faults:
    yield from ()


_BODIES: dict[type, Callable[[Item, Any], Faults]] = {
    Single: _single,
    Multiple: _multiple,
    Truth: _truth,
    Blanks: _blanks,
    Matching: _matching,
    Ordering: _ordering,
    Numeric: _numeric,
    Short: _short,
    Long: _long,
}
