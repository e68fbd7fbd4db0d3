"""Why a turn fell on a unit and not on another, in words anybody can check against the published order."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.hosting.rules.order import Choice, Ranked
from keyuan.kernel.hours import plain

# Why somebody is passed over at a draw; the place stays.
CODES = {
    "exempt": gettext_lazy("已登记免排"),
    "term": gettext_lazy("正在或临近换届"),
    "asked": gettext_lazy("本期已谢绝、延后或更换"),
    "deferred": gettext_lazy("申请延后，未到约定日期"),
    "helps": gettext_lazy("已联合承办本期"),
    "inactive": gettext_lazy("单位已停用"),
}


def record_of(one: Ranked) -> str:
    """What a unit stands with: how often, when last, since when."""
    if one.last is None:
        return _("还没有承办过，%(day)s 加入轮值，抽签号 %(lot)s") % {
            "day": one.joined.isoformat(), "lot": lot_in_words(one.lot),
        }  # fmt: skip
    return _("已承办 %(turns)s 次，排序按 %(level)s 次计，最近一次 %(day)s") % {
        "turns": one.turns, "level": plain(one.level), "day": one.last.isoformat(),
    }  # fmt: skip


def lot_in_words(lot: int) -> str:
    """A lot as it is published: its first six figures in base sixteen; smaller comes first."""
    return f"{lot:015x}"[:6].upper()


def _before(found: Choice, place: int) -> str:
    """Who stands before a place, by what put them there."""
    one, ahead = found.order[place - 1], found.order[: place - 1]
    fewer = sum(each.level < one.level for each in ahead)
    longer = sum(
        each.level == one.level and (each.last or each.joined) < (one.last or one.joined) for each in ahead
    )
    lots = len(ahead) - fewer - longer
    said = [
        words % {"n": count}
        for count, words in (
            (fewer, _("次数更少的 %(n)s 家")), (longer, _("次数相同、等得更久的 %(n)s 家")), (lots, _("抽签在前的 %(n)s 家")),
        )
        if count
    ]  # fmt: skip
    return _("、").join(said)


def _passed(passed: Mapping[int, str]) -> str:
    counts: dict[str, int] = {}
    for code in passed.values():
        counts[code] = counts.get(code, 0) + 1
    said = [_("%(why)s %(n)s 家") % {"why": CODES.get(code, code), "n": n} for code, n in counts.items()]
    return _("、").join(said)


def _balance(found: Choice, window: int) -> list[str]:
    """Which fields had their share, where that put somebody off."""
    fields = {one.field for one in found.order if one.society in found.balanced}
    return [
        _(
            "学科平衡：近 %(window)s 期%(field)s已有 %(holds)s 期，上限 %(most)s 期，排在前面的本期顺延、位次不变。"
        )
        % {"window": window, "field": name, "holds": found.fields[name][0], "most": found.fields[name][1]}
        for name in sorted(fields)
        if name in found.fields
    ]


def why(found: Choice, passed: Mapping[int, str], society: int, window: int) -> list[str]:
    """Why this unit, and why now: or why not. One sentence a reason; the same facts give the same words."""
    if society in passed:
        reason = CODES.get(passed[society], passed[society])
        return [_("本期没有参加排序：%(why)s。位次保留，不因此靠后。") % {"why": reason}]
    place = next((n for n, one in enumerate(found.order, 1) if one.society == society), 0)
    if not place:
        return [_("排出本期时还没有加入轮值。")]
    said = [record_of(found.order[place - 1]) + _("。")]
    count = len(found.order)
    if place == 1:
        said.append(_("本期可以承办的 %(count)s 家中排第一。") % {"count": count})
    else:
        said.append(
            _("本期可以承办的 %(count)s 家中排第 %(place)s，前面是%(who)s。")
            % {"count": count, "place": place, "who": _before(found, place)}
        )
    if passed:
        said.append(_("本期不参加排序的：%(who)s；它们的位次保留。") % {"who": _passed(passed)})
    if society == found.society:
        return [*said, *_balance(found, window), _("因此本期由贵单位承办。")]
    if society in found.balanced:
        return [*said, *_balance(found, window), _("因此本期顺延，下一期仍排在前面。")]
    return [*said, _("因此本期没有排到，位次不变。")]


def counted(value: Decimal) -> str:
    """A figure of turns without idle zeros."""
    return plain(value)
