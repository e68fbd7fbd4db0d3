"""What the screens of seasons take in."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from keyuan.duty.actions.seasons import ClassFacts
from keyuan.duty.models import Season, Theme
from keyuan.duty.models.seasons import TOP
from keyuan.duty.rules.themes import said
from keyuan.kernel.faults import Fault

MOST = 500

if TYPE_CHECKING:
    _Season = forms.ModelForm[Season]
    _Theme = forms.ModelForm[Theme]
else:
    _Season = _Theme = forms.ModelForm


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SeasonForm(_Season):
    """The span and the rules of a season."""

    class Meta:
        """All that the office decides."""

        model = Season
        fields = ("title", "starts", "ends", "once_a_month", "least_match", "farthest", "seconds")
        widgets = {"starts": _day_input(), "ends": _day_input()}
        help_texts = {
            "least_match": _("0 到 10。1 表示主题完全不沾边的不安排去讲。"),
            "farthest": _("按公路里程估算；不填就不限。"),
            "seconds": _("到时还没有证明最优，就给出已有的最好方案和差距。"),
        }


class ThemeForm(_Theme):
    """A theme, the words it is known by, and who is near to it."""

    class Meta:
        """All of it."""

        model = Theme
        fields = ("name", "words", "fields", "base")
        help_texts = {
            "words": _("课题中出现其中一个字词，就认作这个主题；用顿号隔开。"),
            "fields": _("这些学科的学会理事长，没有另外登记专长时算 6 分；用顿号隔开。"),
            "base": _("0 到 10。例如“学会治理”人人都能讲几分。"),
        }


def whole(text: str, label: str, most: int = MOST) -> int:
    """A whole number from 0 to `most` that was typed into a table; Fault where it is none."""
    if not text.strip().isdecimal() or int(text) > most:
        raise Fault(_now("%(label)s请填 0 到 %(most)s 的整数。") % {"label": label, "most": most})
    return int(text)


def classes_typed(sent: Mapping[str, str], ticked: Sequence[int]) -> dict[int, ClassFacts]:
    """What was typed beside the ticked classes."""
    return {
        pk: ClassFacts(
            whole(sent.get(f"places-{pk}", ""), _now("听课名额")),
            whole(sent.get(f"lecturers-{pk}", ""), _now("讲课人数上限")),
            sent.get(f"city-{pk}", ""),
        )
        for pk in ticked
    }


def expertise_typed(text: str, themes: Mapping[str, int]) -> dict[int, int]:
    """`人工智能 9、先进制造 7` as points by theme; Fault names what cannot be read."""
    found: dict[int, int] = {}
    words = said(text.replace("：", " ").replace(":", " "))
    for name, worth in zip(words[::2], [*words[1::2], ""], strict=False):
        if name not in themes:
            raise Fault(
                _now("没有“%(name)s”这个主题，请照主题表的名称填写，如“人工智能 9、先进制造 7”。")
                % {"name": name}
            )
        if not worth.isdecimal() or not 1 <= int(worth) <= TOP:
            raise Fault(_now("“%(name)s”后面请填 1 到 10 的分数。") % {"name": name})
        found[themes[name]] = int(worth)
    return found


def numbers(sent: Any, name: str) -> list[int]:
    """The keys a form names."""
    return [int(text) for text in sent.getlist(name) if text.isdecimal() and len(text) < 19]
