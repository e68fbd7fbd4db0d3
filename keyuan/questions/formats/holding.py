"""What a format can hold of an item: the rest is named, and what would be another question is refused."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.questions.formats.gathering import Notes, Refused, Told, Written, short
from keyuan.questions.items import Item, Kind, Matching, Pair, Truth
from keyuan.questions.richtext import from_plain, is_plain, to_plain

KIND_TITLES: Final = {
    Kind.SINGLE: gettext_lazy("单选题"),
    Kind.MULTIPLE: gettext_lazy("多选题"),
    Kind.TRUTH: gettext_lazy("判断题"),
    Kind.BLANKS: gettext_lazy("填空题"),
    Kind.MATCHING: gettext_lazy("匹配题"),
    Kind.ORDERING: gettext_lazy("排序题"),
    Kind.NUMERIC: gettext_lazy("数值题"),
    Kind.SHORT: gettext_lazy("简答题"),
    Kind.LONG: gettext_lazy("论述题"),
}
FIELD_TITLES: Final = {
    "code": gettext_lazy("编号"),
    "title": gettext_lazy("题名"),
    "points": gettext_lazy("分值"),
    "category": gettext_lazy("分类"),
    "tags": gettext_lazy("标签"),
    "difficulty": gettext_lazy("难度"),
    "feedback": gettext_lazy("解析"),
    "shuffle": gettext_lazy("选项固定顺序"),
    "exact": gettext_lazy("全对才得分"),
    "spelling": gettext_lazy("比对规则"),
    "units": gettext_lazy("单位"),
    "unit_needed": gettext_lazy("必须写单位"),
    "extra": gettext_lazy("多余的备选项"),
    "template": gettext_lazy("答题模板"),
    "guide": gettext_lazy("评分要点"),
    "feedback_true": gettext_lazy("选项反馈"),
    "feedback_false": gettext_lazy("选项反馈"),
}
Hold: TypeAlias = Callable[[Item, Notes], Item]
_BLANK: Final = Item("", Truth(right=True))


def without(item: Item, notes: Notes, *names: str) -> Item:
    """The item without some of its fields, each noted when it said something."""
    for name in names:
        usual = getattr(_BLANK, name)
        if getattr(item, name) != usual:
            notes.leave(str(FIELD_TITLES[name]))
            item = replace(item, **{name: usual})
    return item


def usual(item: Item, notes: Notes, **fields: object) -> Item:
    """The item with some fields of its body as given, each noted when it was otherwise."""
    for name, value in fields.items():
        if hasattr(item.body, name) and getattr(item.body, name) != value:
            notes.leave(str(FIELD_TITLES[name]))
            item = replace(item, body=replace(item.body, **{name: value}))  # type: ignore[arg-type]  # a field of its own kind
    return item


def only(item: Item, title: str, kinds: Iterable[Kind]) -> None:
    """Raises Refused when the format has no such kind of question."""
    if item.kind not in kinds:
        raise Refused(_("%(kind)s无法写入 %(format)s。") % {"kind": KIND_TITLES[item.kind], "format": title})


def no_pictures(item: Item, title: str) -> None:
    """Raises Refused when the question shows pictures."""
    if item.pictures:
        raise Refused(_("带图片的题无法写入 %(format)s。") % {"format": title})


def flat(text: str, notes: Notes) -> str:
    """A text as plain words that come back as they are; lost markup is noted."""
    if is_plain(text):
        return text
    notes.leave(_("文字格式"))
    return from_plain(to_plain(text))


def flat_line(text: str, notes: Notes) -> str:
    """A text as one plain line."""
    plain = " ".join(to_plain(text).split())
    kept = from_plain(plain)
    if not plain:
        raise Refused(_("去掉文字格式后有的选项为空，无法写入。"))
    if kept != text:
        notes.leave(_("文字格式"))
    return kept


def flat_pairs(body: Matching, notes: Notes) -> Matching:
    """The pairs with rights as plain lines. Raises Refused when two of them become one."""
    options = {option: flat_line(option, notes) for option in body.options}
    if len(set(options.values())) != len(options):
        raise Refused(_("去掉文字格式后有的选项重复，无法写入。"))
    pairs = tuple(Pair(pair.left, options[pair.right]) for pair in body.pairs)
    return replace(body, pairs=pairs, extra=tuple(options[each] for each in body.extra))


def held(items: Iterable[Item], hold: Hold) -> tuple[list[Item], list[Told]]:
    """What a format holds of each item, and what is to be told of it."""
    kept, faults = [], []
    for number, item in enumerate(items, 1):
        notes, name = Notes(), item.title or short(item.text)
        try:
            kept.append(hold(item, notes))
        except Refused as refused:
            faults.append(Told(number, name, str(refused)))
            continue
        if notes.lost:
            message = _("已写出，未写入的有：%(what)s。") % {"what": "、".join(notes.lost)}
            faults.append(Told(number, name, message, lost=False))
    return kept, faults


def written(items: Iterable[Item], hold: Hold, put: Callable[[list[Item]], bytes]) -> Written:
    """A file of what can be held of the items."""
    kept, faults = held(items, hold)
    return Written(put(kept), len(kept), tuple(faults))
