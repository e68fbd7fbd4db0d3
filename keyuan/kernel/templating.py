"""The Jinja2 environment every screen is rendered in: translation, links, dates, numbers and masks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import segno
from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import Model
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone, translation
from django.utils.html import json_script
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from keyuan.kernel import navigation, saved
from keyuan.kernel.access import ANONYMOUS, Actor

WEEKDAYS = "一二三四五六日"
THEMES = ("auto", "light", "dark")


@cache
def static_url(path: str) -> str:
    """The address of a static file; asked for dozens of times a page and the same as long as the process lives."""
    return static(path)


def local(moment: date | datetime) -> date | datetime:
    """The moment on the wall clock of the academy; a plain date stays as it is."""
    return (
        timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment
    )


def in_english() -> bool:
    """Whether the reader reads English; dates are then written 1 Mar 2020 and Sun 1 Mar."""
    return (translation.get_language() or "").startswith("en")


def long_date(moment: date | datetime | None) -> str:
    """2020年3月1日; an absent date is a dash."""
    if moment is None:
        return "—"
    day = local(moment)
    return f"{day.day} {day:%b %Y}" if in_english() else f"{day.year}年{day.month}月{day.day}日"


def short_date(moment: date | datetime | None) -> str:
    """3月1日 周日."""
    if moment is None:
        return "—"
    day = local(moment)
    return f"{day:%a} {day.day} {day:%b}" if in_english() else f"{day.month}月{day.day}日 {weekday(day)}"


def weekday(moment: date | datetime) -> str:
    """周日, Sun; 週日 in Traditional characters."""
    day = local(moment)
    return f"{day:%a}" if in_english() else gettext("周%(day)s") % {"day": WEEKDAYS[day.weekday()]}


def clock(moment: datetime | time | None) -> str:
    """14:30."""
    if moment is None:
        return "—"
    shown = local(moment) if isinstance(moment, datetime) else moment
    return shown.strftime("%H:%M")


def date_time(moment: datetime | None) -> str:
    """2020年3月1日 14:30."""
    return "—" if moment is None else f"{long_date(moment)} {clock(moment)}"


def iso(moment: date | datetime | None) -> str:
    """The machine's form, for `<time datetime>` and date inputs."""
    return "" if moment is None else local(moment).isoformat()


def span(start: date | None, end: date | None) -> str:
    """3月1日—5日, 3月30日—4月2日, with years only where they are needed."""
    if start is None or end is None or start == end:
        return long_date(start or end)
    first, last = local(start), local(end)
    if in_english():
        return f"{first.day} {first:%b %Y} – {long_date(last)}"
    head = long_date(first)
    if first.year != last.year:
        return f"{head}—{long_date(last)}"
    if first.month != last.month:
        return f"{head}—{last.month}月{last.day}日"
    return f"{head}—{last.day}日"


def plain_number(value: Decimal | None) -> str:
    """A decimal without trailing noughts: 8, 7.5."""
    if value is None:
        return "—"
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hours(value: Decimal | None) -> str:
    """Study hours with their unit: 8学时."""
    return "—" if value is None else gettext("%(n)s学时") % {"n": plain_number(value)}


def money(value: Decimal | None) -> str:
    """Yuan to the fen: ¥1,200.00."""
    return "—" if value is None else f"¥{value:,.2f}"


def percent(value: Decimal | float | None) -> str:
    """A share from 0 to 1 as 87%."""
    return "—" if value is None else f"{round(value * 100)}%"


def mask(text: str | None, kind: str = "id") -> str:
    """Personal data shortened for the eye: id 440***********1234, phone 138****5678, name 张*."""
    if not text:
        return "—"
    if kind == "name":
        return text[0] + "*" * (len(text) - 1)
    head, tail = (3, 4)
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def file_size(count: int | None) -> str:
    """A number of bytes as a person says it."""
    if count is None:
        return "—"
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"


def attributes(values: Mapping[str, Any]) -> Markup:
    """Html attributes from a mapping: `hx_post` becomes `hx-post`, True a bare name, None and False nothing."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(Markup(" ") + escape(key) if value is True else Markup(' {}="{}"').format(key, value))
    return Markup("").join(parts)


def clean(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without its empty values, for widgets that would print them."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def url_if_any(name: str, *args: Any, **kwargs: Any) -> str:
    """The url of a screen that a room above may bring; empty where that room is not installed."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Place:
    """What every word and address of one rendering depends on (语言与地址前缀)."""

    language: str
    urlconf: str
    prefix: str


_HERE: ContextVar[Place | None] = ContextVar("here", default=None)


def here() -> Place:
    """Where this rendering stands; asked for hundreds of times a page, so `at_one_place` looks it up once."""
    return _HERE.get() or Place(translation.get_language() or "", settings.ROOT_URLCONF, get_script_prefix())


@contextmanager
def at_one_place() -> Iterator[None]:
    """While a template is rendered neither language nor prefix changes: they are looked up here, once."""
    before = _HERE.set(None)
    _HERE.set(here())
    try:
        yield
    finally:
        _HERE.reset(before)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named screen."""
    place = here()
    return _address(place.urlconf, place.prefix, name, args, tuple(kwargs.items()))


@lru_cache(maxsize=16384)
def _address(urlconf: str, prefix: str, name: str, args: tuple[Any, ...], named: tuple[Any, ...]) -> str:
    """Remembered, because a list of 50 rows asks for two hundred addresses and each costs as much as a query."""
    return reverse(name, urlconf, args=args or None, kwargs=dict(named) or None)


def qr(text: str, *, label: str = "", border: int = 2) -> Markup:
    """The text as a QR code, drawn as inline SVG so that no second request is needed."""
    drawing = segno.make(text, error="m", micro=False).svg_inline(
        scale=1, border=border, omitsize=True, svgclass="qr", lineclass="qr-line"
    )
    title = Markup("<title>{}</title>").format(label or gettext("二维码"))
    return Markup(drawing.replace("<svg ", '<svg role="img" ', 1).replace("><path", f">{title}<path", 1))  # noqa: S704 - made by segno of modules only; the title is escaped above


def phrase(text: str, **values: Any) -> Markup:
    """`_("…")` of the templates: the text in the reader's language, with values put in and escaped."""
    language = here().language
    return _pattern(language, text) % values if values else _bare(language, text)


@lru_cache(maxsize=8192)
def _pattern(language: str, text: str) -> Markup:
    """Remembered, because a list of 50 rows says the same words three hundred times; `language` is the active one."""
    return Markup(gettext(text))  # noqa: S704 - words of the source or of its catalogue, never of a person


@lru_cache(maxsize=8192)
def _bare(language: str, text: str) -> Markup:
    return _pattern(language, text) % {}


class Shell:
    """What the frame around each screen shows for this request (外框)."""

    def __init__(self, request: HttpRequest | None) -> None:
        self.request = request
        cookies = request.COOKIES if request is not None else {}
        self.theme = cookies.get("theme", "auto") if cookies.get("theme") in THEMES else "auto"
        self.big = cookies.get("type") == "big"
        self.actor: Actor = getattr(request, "actor", ANONYMOUS)
        self.path = request.get_full_path() if request is not None else "/"

    @property
    def is_known(self) -> bool:
        """Whether somebody is signed in; accounts without a seat count too."""
        user = getattr(self.request, "user", None)
        return self.actor.is_known or bool(user is not None and user.is_authenticated)

    @property
    def owner(self) -> str:
        """Whose drafts this browser tab may hold; empty for nobody."""
        user = getattr(self.request, "user", None)
        return str(user.pk) if user is not None and user.is_authenticated else ""

    @property
    def seats(self) -> list[Any]:
        """The seats the person may switch to, as the seat middleware found them."""
        return list(getattr(self.request, "seats", []))

    @property
    def entries(self) -> list[navigation.Link]:
        """The menu of this actor."""
        return navigation.links_for(self.actor, self.path)

    @property
    def unread(self) -> int:
        """How many inbox messages wait; who found the seat may have found them too."""
        found: int | None = getattr(self.request, "unread", None)
        return navigation.count("inbox", self.actor) if found is None else found

    @property
    def messages(self) -> list[Any]:
        """Messages to show once."""
        return list(get_messages(self.request)) if self.request is not None else []

    @property
    def languages(self) -> list[tuple[str, str]]:
        """The languages offered, each in its own words."""
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def language(self) -> str:
        """The language of this answer."""
        return translation.get_language() or settings.LANGUAGE_CODE


@lru_cache
def _choices(model: type[Model], field: str) -> dict[Any, Any]:
    return dict(model._meta.get_field(field).flatchoices)  # type: ignore[union-attr] # asked of fields with choices only


def said(thing: Any, field: str) -> str:
    """The word for a value that has choices.

    Django's `get_…_display` translates every choice of the field each time, a fifth of what a list of fifty rows costs.
    """
    if not isinstance(thing, Model):
        return str(getattr(thing, f"get_{field}_display")())
    value = getattr(thing, field)
    return "" if value is None else str(_choices(type(thing), field).get(value, value))


FILTERS = {
    "date": long_date,
    "day": short_date,
    "weekday": weekday,
    "clock": clock,
    "datetime": date_time,
    "iso": iso,
    "number": plain_number,
    "hours": hours,
    "money": money,
    "percent": percent,
    "mask": mask,
    "said": said,
    "filesize": file_size,
    "json_script": json_script,
}


def environment(**options: Any) -> Environment:
    """Django's hook: the environment with everything templates may call."""
    env = Environment(  # noqa: S701 - Django passes autoescape=True among the options
        **{
            **options,
            "undefined": StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined] # added by jinja2.ext.i18n
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals["_"] = phrase
    env.filters.update(FILTERS)
    env.globals.update(
        url=url, url_if_any=url_if_any, static=static_url, attrs=attributes, clean=clean, span=span, qr=qr, shell=Shell,
        now=timezone.localtime, today=timezone.localdate, demo=settings.DEMO,
        views_of=saved.views_of, normal_query=saved.normal_query,
    )  # fmt: skip
    return env
