"""Which theme a title speaks of, and how well somebody can speak of a theme; pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

OPEN = "未定主题"  # of a slot whose theme nobody has named: everybody may lecture in it
NEAR = 6  # points for a theme near the field of one's society
# Name, words in titles, near fields, what everybody can say of it: to begin with.
USUAL = (
    ("党的创新理论", "党的、创新理论、习近平、全会、党建、党性、党纪", "", 4),
    ("科技自立自强", "自立自强、新质生产力、科技强国、强省", "", 3),
    ("学会治理", "学会、治理、社团、秘书长、组织建设", "", 6),
    ("科学家精神", "科学家、精神、弘扬", "", 5),
    ("科学普及", "科普、科学素质、科学素养", "科普综合", 4),
    ("人工智能", "人工智能、数字、数据、算力、智能", "工科、理科", 0),
    ("生物医药", "生物、医药、医学、健康", "医科", 0),
    ("海洋与农业", "海洋、农业、乡村、农村、种业", "农科", 0),
    ("先进制造", "制造、工业、装备、材料", "工科", 0),
    ("绿色低碳", "绿色、低碳、双碳、生态、环境、能源", "工科、理科、农科", 0),
    ("学术诚信", "诚信、伦理、学风、道德", "", 4),
    ("国际交流", "国际、开放合作、粤港澳、大湾区", "", 3),
)


class Known(Protocol):
    """A theme as this module needs it (主题)."""

    @property
    def pk(self) -> int:
        """Its key."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def words(self) -> str:
        """The words it is known by in titles."""

    @property
    def fields(self) -> str:
        """The fields near it."""

    @property
    def base(self) -> int:
        """What everybody can say of it."""


Some = TypeVar("Some", bound=Known)


def said(text: str) -> list[str]:
    """The words of a list typed with any usual separator."""
    return [word for word in re.split(r"[\s、，,；;]+", text.strip()) if word]


def theme_in(title: str, themes: Iterable[Some]) -> Some | None:
    """The theme whose longest word stands in a title; none where no word does."""
    found = [
        (len(word), -theme.pk, theme)
        for theme in themes
        for word in (theme.name, *said(theme.words))
        if word in title
    ]
    return max(found, key=lambda one: one[:2])[2] if found else None


def worths(themes: Iterable[Known], field: str, own: Mapping[int, int]) -> dict[str, int]:
    """What somebody of a field can say of each theme: what was put down, else nearness, else what everybody can."""
    found = {}
    for theme in themes:
        near = NEAR if field and field in said(theme.fields) else 0
        worth = own.get(theme.pk, max(near, theme.base))
        if worth:
            found[theme.name] = worth
    return found
