"""The menu: each room says which of its screens belong in it, for whom and where."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext

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


def is_for(found: Entry, actor: Actor) -> bool:
    """Whether the actor has this line in the menu."""
    if found.public:
        return True
    return actor.is_known and (not found.roles or bool(actor.roles.intersection(found.roles)))


def links_for(actor: Actor, path: str) -> list[Link]:
    """The menu of an actor in order; the line whose address is the longest start of `path` is current."""
    shown = [item for item in ENTRIES.values() if is_for(item, actor)]
    shown.sort(key=lambda item: (item.order, item.title))
    places = [(item, reverse(item.url_name)) for item in shown]
    here = path.split("?", 1)[0]
    matches = [place for _, place in places if here == place or (place != "/" and here.startswith(place))]
    current = max(matches, key=len, default="")
    return [
        Link(
            title=gettext(item.title), url=place, icon=item.icon, group=item.group and gettext(item.group),
            current=place == current,
            count=count(item.url_name, actor), phone=item.phone, short=gettext(item.short or item.title),
        )
        for item, place in places
    ]  # fmt: skip
