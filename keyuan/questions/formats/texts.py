"""Texts of a file and the pictures they show, brought to what an item carries; what falls away is noted."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from django.utils.translation import gettext as _

from keyuan.questions.checking import is_picture
from keyuan.questions.formats.gathering import Notes, bounded
from keyuan.questions.items import Picture
from keyuan.questions.richtext import PICTURE_NAME, clean, from_plain, pictures_in

_SRC: Final = re.compile(r"(<img\b[^<>]*?\bsrc\s*=\s*)(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_INLINE: Final = re.compile(r"data:image/(png|jpeg|jpg|gif|webp);base64,(.*)", re.DOTALL | re.IGNORECASE)
_LEFT_OUT: Final[tuple[tuple[re.Pattern[str], Callable[[], str]], ...]] = (
    (
        re.compile(r"<(?:audio|video|source|object|embed|iframe)\b", re.IGNORECASE),
        lambda: _("音视频和嵌入内容"),
    ),
    (re.compile(r"<(?:script|form|input)\b", re.IGNORECASE), lambda: _("脚本和表单")),
    (re.compile(r"<math\b", re.IGNORECASE), lambda: _("MathML 公式")),
    (re.compile(r"<svg\b", re.IGNORECASE), lambda: _("SVG 图形")),
    (re.compile(r"<a\b[^<>]*\bhref", re.IGNORECASE), lambda: _("链接")),
)
_UNFIT: Final = re.compile(r"[\x00-\x1f/\\:*?\"<>|#%&\s]+")


def fit_name(path: str) -> str:
    """A picture's name from a path in a file: its last part, with what a name cannot hold replaced."""
    last = _UNFIT.sub("_", unquote(path).replace("\\", "/").rpartition("/")[2]).lstrip(".")[-120:]
    return last or "picture"


@dataclass
class Texts:
    """The texts of one item that is being read: `find` gives the bytes behind an address, None when unknown."""

    notes: Notes
    find: Callable[[str], bytes | None] = lambda _address: None
    kept: dict[str, bytes] = field(default_factory=dict)

    def html(self, html: str) -> str:
        """The safe text of some HTML."""
        for pattern, what in _LEFT_OUT:
            if pattern.search(html):
                self.notes.leave(what())
        return clean(bounded(_SRC.sub(self._source, html)))

    def plain(self, words: str) -> str:
        """The text of plain words."""
        return from_plain(words)

    def _source(self, found: re.Match[str]) -> str:
        address = unescape(found[2] if found[2] is not None else found[3])
        inline = _INLINE.fullmatch(address)
        data = _bytes(inline[2]) if inline else self.find(address)
        name = f"inline.{inline[1].lower()}" if inline else fit_name(address.partition("?")[0])
        if data is None or not is_picture(data):
            self.notes.leave(_("图片“%(name)s”") % {"name": name[:40]})
            return f'{found[1]}""'
        return f'{found[1]}"{escape(self._keep(name, data))}"'

    def _keep(self, name: str, data: bytes) -> str:
        """Keep a picture under its name, or another one where that is taken by another picture."""
        stem, dot, ending = name.rpartition(".")
        wanted, number = name, 1
        while self.kept.get(wanted, data) != data or not PICTURE_NAME.fullmatch(wanted):
            number += 1
            wanted = f"{stem}-{number}{dot}{ending}" if PICTURE_NAME.fullmatch(name) else f"picture-{number}"
        self.kept[wanted] = data
        return wanted

    def pictures(self, *texts: str) -> tuple[Picture, ...]:
        """The pictures the texts show, in the order they show them."""
        used = dict.fromkeys(name for text in texts for name in pictures_in(text))
        return tuple(Picture(name, self.kept[name]) for name in used if name in self.kept)


def _bytes(words: str) -> bytes | None:
    try:
        return base64.b64decode("".join(words.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def files_of(named: Mapping[str, str]) -> dict[str, bytes]:
    """Files written as base64, those that are whole."""
    found = {name: _bytes(words) for name, words in named.items()}
    return {name: data for name, data in found.items() if data is not None}


def readdressed(text: str, address: Callable[[str], str]) -> str:
    """The text with every picture's name changed to its address in the file."""
    return _SRC.sub(
        lambda found: f'{found[1]}"{escape(address(unescape(found[2] or found[3] or "")))}"', text
    )
