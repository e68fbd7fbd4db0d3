r"""The text of questions: a small safe subset of HTML, cleaned on reading, and its way to and from plain words.

Kept are paragraphs, line breaks, emphasis, sub- and superscript, lists, tables, code, quotations, ruby and
pictures that the question itself carries. No links, no styles, no classes, no addresses: a question is
complete in itself and looks as the page it stands on. Formulas stay as typed (`\( … \)`).
"""

import re
from html import escape, unescape

import nh3

TAGS = frozenset(
    {
        "p", "br", "strong", "em", "b", "i", "u", "s", "sub", "sup", "ul", "ol", "li", "table", "caption", "thead",
        "tbody", "tr", "th", "td", "code", "pre", "blockquote", "ruby", "rt", "rp", "img",
    }
)  # fmt: skip
ATTRIBUTES = {"img": {"src", "alt"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
# Taken away with what stands inside them; other unknown elements leave their words.
WHOLE = frozenset(
    {"script", "style", "iframe", "object", "embed", "form", "template", "noscript", "svg", "math"}
)
PICTURE_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|#%&\s.][^\x00-\x1f/\\:*?\"<>|#%&\s]{0,119}")

_BLOCKS = re.compile(
    r"(?i)<(/?)(?:div|h[1-6]|section|article|center|header|footer|main|dl|dt|dd)(?=[\s>/])[^<>]*>"
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile(r"(?i)<br\s*/?>|</(?:p|li|tr|pre|blockquote|caption)>")
_CELLS = re.compile(r"(?i)</t[dh]>")
_PICTURES = re.compile(r'<img\b[^<>]*?\bsrc="([^"]*)"')
_ALTS = re.compile(r'<img\b[^<>]*?\balt="([^"]*)"[^<>]*>')
_MARKUP = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"\[\[(\d{1,2})\]\]")
_SPACES = re.compile(r"(?<![ \t])[ \t]*\n\s*")


def printable(words: str) -> str:
    """The words without what XML and the database cannot hold; line ends are one newline."""
    return _NOT_XML.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def clean(html: str) -> str:
    """The safe subset of some HTML, in its one spelling: cleaning again changes nothing."""
    text = _BLOCKS.sub(r"<\1p>", printable(html))
    for _round in range(4):
        before = text
        text = nh3.clean(
            text,
            tags=set(TAGS),
            clean_content_tags=set(WHOLE),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            attribute_filter=_kept,
            url_schemes=set(),
            link_rel=None,
        )
        text = printable(text).replace("<p></p>", "").replace("<img>", "").strip()
        if text == before:
            break
    return text


def _kept(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute as kept, None to take it away."""
    if name == "src":
        return value if PICTURE_NAME.fullmatch(value) else None
    if name in {"colspan", "rowspan"}:
        return value if re.fullmatch(r"[1-9]\d?", value) else None
    return value


def from_plain(words: str) -> str:
    """Plain words as text: escaped; an empty line makes a paragraph, a single line end a line break."""
    paragraphs = [each for each in re.split(r"\n\s*\n", printable(words).strip()) if each.strip()]
    shown = [
        "<br>".join(escape(line.strip(), quote=False) for line in each.split("\n")) for each in paragraphs
    ]
    return clean(shown[0] if len(shown) == 1 else "".join(f"<p>{each}</p>" for each in shown))


def to_plain(html: str) -> str:
    """The words of a text without its markup: one line per paragraph, cell values apart by a space.

    A picture leaves its description in square brackets.
    """
    words = _ALTS.sub(lambda found: f"[{found[1]}]" if found[1] else "", html)
    words = _CELLS.sub(" ", _BREAKS.sub("\n", words.replace("\n", " ")))
    words = unescape(_MARKUP.sub("", words)).replace("\xa0", " ")
    return _SPACES.sub("\n", words).strip()


def is_plain(html: str) -> bool:
    """Whether nothing is lost when the text is written as plain words and read again."""
    return from_plain(to_plain(html)) == html


def pictures_in(html: str) -> list[str]:
    """The names of the pictures a text shows, in their order."""
    return [unescape(name) for name in _PICTURES.findall(html)]


def blanks_in(html: str) -> list[int]:
    """The numbers of the blanks `[[1]]`, `[[2]]` … in a text, as they stand."""
    return [int(number) for number in _BLANK.findall(html)]


def split_blanks(html: str) -> list[str]:
    """A text cut at its blanks: words, number, words, number, …, words."""
    return _BLANK.split(html)
