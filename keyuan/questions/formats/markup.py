"""Between the HTML of texts and the elements of XML formats."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from keyuan.questions.richtext import pictures_in

_VOID: Final = {"br", "img", "hr", "col"}


def element(tag: str, html: str, **attributes: str) -> Element:
    """An element that holds a safe text."""
    words = html.replace("&nbsp;", "\xa0").replace("<br>", "<br/>")
    closed = "".join(
        f"{piece}/>{rest}" if mark else piece + rest
        for piece, mark, rest in (_image(part, place) for place, part in enumerate(words.split("<img ")))
    )
    made: Element = fromstring(f"<{tag}>{closed}</{tag}>")
    made.attrib.update(attributes)
    return made


def _image(part: str, place: int) -> tuple[str, bool, str]:
    """A piece after an image began: its attributes up to the closing bracket, and the rest."""
    if not place:
        return part, False, ""
    attributes, _close, rest = part.partition(">")
    return f"<img {attributes}", True, rest


def inner(parent: Element, replaced: Callable[[Element], str | None] = lambda _each: None) -> str:
    """The HTML inside an element; `replaced` may give other HTML for an element, "" to leave it out."""
    words = [escape(parent.text or "", quote=False)]
    for each in parent:
        other = replaced(each)
        words.append(_outer(each, replaced) if other is None else other)
        words.append(escape(each.tail or "", quote=False))
    return "".join(words)


def _outer(each: Element, replaced: Callable[[Element], str | None]) -> str:
    if each.tag == "object" and (each.get("type") or "").startswith("image/"):
        return f'<img src="{escape(each.get("data") or "")}" alt="">'
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in each.attrib.items())
    if each.tag in _VOID:
        return f"<{each.tag}{attributes}>"
    return f"<{each.tag}{attributes}>{inner(each, replaced)}</{each.tag}>"


def shown(texts: Iterable[str]) -> list[str]:
    """The names of the pictures shown by some texts, each once."""
    return list(dict.fromkeys(name for text in texts for name in pictures_in(text)))
