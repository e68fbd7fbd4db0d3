"""The menu: each room says which of its screens belong in it, for whom and where."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language, gettext

from keyuan.kernel.access import Actor

View = TypeVar("View", bound=Callable[..., object])
Counter = Callable[[Actor], int]


@dataclass(frozen=True)
class Entry:
    """One line of the menu (菜单项) as a room registered it; `roles` empty means everybody signed in."""

    title: str
    url_name: str
    roles: tuple[str, ...] = ()
    order: int = 100
    icon: str = "dot"
    group: str = ""
    public: bool = False
    phone: bool = False
    short: str = ""


@dataclass(frozen=True)
class Link:
    """A menu line as one actor sees it on one page."""

    title: str
    url: str
    icon: str
    group: str
    current: bool
    count: int
    phone: bool
    short: str


ENTRIES: dict[str, Entry] = {}
COUNTERS: dict[str, Counter] = {}


def entry(
    title: str,
    url_name: str,
    roles: tuple[str, ...] = (),
    order: int = 100,
    icon: str = "dot",
    *,
    group: str = "",
    public: bool = False,
    phone: bool = False,
    short: str = "",
) -> Callable[[View], View]:
    """Put a screen into the menu; usable as a decorator of its view or called by itself.

    `phone` asks for a place in the bottom bar, which takes the first four; the rest stand under 更多.
    `short` is what the bar says where the title is longer than four or five characters.
    """
    ENTRIES[url_name] = Entry(title, url_name, roles, order, icon, group, public, phone, short)

    def keep(view: View) -> View:
        return view

    return keep


def counter(name: str) -> Callable[[Counter], Counter]:
    """Register the number shown beside a menu line (its url name) or on the bell (`inbox`)."""

    def register(function: Counter) -> Counter:
        COUNTERS[name] = function
        return function

    return register


def count(name: str, actor: Actor) -> int:
    """The number for a name, nought where nobody counts."""
    function = COUNTERS.get(name)
    return function(actor) if function is not None and actor.is_known else 0


def is_for(found: Entry, *, is_known: bool, roles: frozenset[str]) -> bool:
    """Whether an actor, known or not, in these roles has this line in the menu."""
    if found.public:
        return True
    return is_known and (not found.roles or bool(roles.intersection(found.roles)))


def links_for(actor: Actor, path: str) -> list[Link]:
    """The menu of an actor in order; the line whose address is the longest start of `path` is current."""
    place = (get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
    shown = _menu(tuple(ENTRIES), get_language() or "", place, actor.roles, is_known=actor.is_known)
    here = path.split("?", 1)[0]
    matches = [
        link.url for _, link in shown if here == link.url or (link.url != "/" and here.startswith(link.url))
    ]
    current = max(matches, key=len, default="")
    return [
        replace(link, current=link.url == current, count=count(name, actor))
        if link.url == current or name in COUNTERS
        else link
        for name, link in shown
    ]


@lru_cache(maxsize=256)
def _menu(
    names: Sequence[str], language: str, place: tuple[str, str], roles: frozenset[str], *, is_known: bool
) -> tuple[tuple[str, Link], ...]:
    """Remembered by all it depends on: thirty titles and addresses are the same on every page of a role."""
    shown = [ENTRIES[name] for name in names if is_for(ENTRIES[name], is_known=is_known, roles=roles)]
    shown.sort(key=lambda item: (item.order, item.title))
    return tuple(
        (
            item.url_name,
            Link(
                title=gettext(item.title), url=reverse(item.url_name, place[0]), icon=item.icon, group=item.group and gettext(item.group),
                current=False, count=0, phone=item.phone, short=gettext(item.short or item.title),
            ),
        )
        for item in shown
    )  # fmt: skip
