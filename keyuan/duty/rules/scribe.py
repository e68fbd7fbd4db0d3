"""Takes a parsed file apart value by value and writes down every fault with its path."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

MOST = 1_000_000  # no count, distance or weight is larger: the solver's arithmetic stays exact
SHOWN = 20


class InstanceFault(Fault):
    """A file that is no instance; `faults` holds every (path, message)."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        self.faults = faults
        lines = [f"{path}：{message}" for path, message in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(_("……共 {count} 处不合格式。").format(count=len(faults)))
        Exception.__init__(self, "\n".join(lines))
        self.message, self.field = "\n".join(lines), faults[0][0]


class Scribe:
    """Takes values apart and writes down what is wrong with them, so that one reading names every fault."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def fault(self, path: str, message: str) -> None:
        """Note one fault."""
        self.faults.append((path or "$", message))

    def settle(self) -> None:
        """InstanceFault if anything was wrong so far."""
        if self.faults:
            raise InstanceFault(self.faults)

    def thing(self, value: Any, path: str, required: str, optional: str = "") -> dict[str, Any]:
        """An object with these keys and no others; a missing required key is a fault."""
        if not isinstance(value, dict):
            self.fault(path, _("这里应是对象 {…}。"))
            return {}
        must, may = required.split(), optional.split()
        for key in must:
            if key not in value:
                self.fault(path, _("缺少“{key}”，请补上。").format(key=key))
        for key in value:
            if key not in must and key not in may:
                self.fault(
                    f"{path}.{key}" if path else key,
                    _("不认识的项；这里只能写 {keys}。请改正或删去。").format(keys="、".join([*must, *may])),
                )
        return value

    def rows(self, value: Any, path: str) -> list[Any]:
        """A list."""
        if isinstance(value, list):
            return value
        self.fault(path, _("这里应是列表 […]。"))
        return []

    def text(self, value: Any, path: str) -> str:
        """A text that is not empty."""
        if isinstance(value, str) and value.strip() == value != "":
            return value
        self.fault(path, _("应是不为空、首尾无空格的文字，现在是 {value}。").format(value=_shown(value)))
        return ""

    def whole(self, value: Any, path: str, least: int, most: int = MOST) -> int:
        """A whole number between two bounds."""
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(
            path,
            _("应是 {least} 到 {most} 的整数，现在是 {value}。").format(
                least=least, most=most, value=_shown(value)
            ),
        )
        return least

    def day(self, value: Any, path: str) -> date:
        """A date as 2027-03-31."""
        if isinstance(value, str) and len(value) == 10:
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self.fault(path, _("应是日期，如 2027-03-31，现在是 {value}。").format(value=_shown(value)))
        return date.min

    def truth(self, value: Any, path: str) -> bool:
        """True or false."""
        if isinstance(value, bool):
            return value
        self.fault(path, _("应是 true 或 false，现在是 {value}。").format(value=_shown(value)))
        return False

    def choice(self, value: Any, path: str, choices: Iterable[str]) -> str:
        """One of some words."""
        words = tuple(choices)
        if isinstance(value, str) and value in words:
            return value
        self.fault(
            path,
            _("应是 {words} 之一，现在是 {value}。").format(words="、".join(words), value=_shown(value)),
        )
        return words[0]


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
