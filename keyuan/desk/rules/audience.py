"""Who sits in a class, in numbers a teacher may know: no group below five is named, and nobody is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

# Below five a number would point at persons; the evaluation of teaching draws the same line.
FEWEST = 5

LEADERS, MIDDLE, EXPERTS, STAFF = "leaders", "middle", "experts", "staff"
LEVELS = {
    LEADERS: _("单位负责人"),
    MIDDLE: _("部门负责人"),
    EXPERTS: _("专业技术人员"),
    STAFF: _("工作人员"),
}
# The first word found decides, the longer before the shorter: 主任科员 is no 主任.
_WORDS = (
    (STAFF, ("主任科员", "调研员")),
    (LEADERS, ("主席", "会长", "理事长", "秘书长", "书记", "校长", "院长", "所长", "局长", "厅长", "董事长", "总经理", "党组")),
    (MIDDLE, ("部长", "处长", "科长", "主任", "经理")),
    (EXPERTS, ("院士", "教授", "研究员", "工程师", "高工", "讲师", "医师", "农艺师")),
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """One group of an audience (学员构成): its name and how many."""

    name: str
    count: int


def level_of(post_title: str) -> str:
    """The level a post stands on, as far as its title tells; whoever gives none counts as staff."""
    for level, words in _WORDS:
        if any(word in post_title for word in words):
            return level
    return STAFF


def tally(names: Iterable[str]) -> list[Group]:
    """Groups by size, the small ones together as 其他; nothing at all below five people.

    The rest is five at least, too: a rest of three would be as plain as a group of three. Where it is
    smaller, the smallest named group joins it; where no name is left, there is nothing to tell.
    """
    counts = Counter(name or str(_("未填写")) for name in names)
    if counts.total() < FEWEST:
        return []
    named = sorted(
        (Group(name, n) for name, n in counts.items() if n >= FEWEST),
        key=lambda group: (-group.count, group.name),
    )
    rest = counts.total() - sum(group.count for group in named)
    while 0 < rest < FEWEST and named:
        rest += named.pop().count
    if not named:
        return []
    return [*named, Group(str(_("其他")), rest)] if rest else named
