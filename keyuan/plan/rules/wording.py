"""How texts of a plan are cleaned: stray blanks go, every other letter stays."""

import re

# Zero-width characters and the byte-order mark come along when text is copied out of Word or a web page.
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_PAGE_NUMBER = re.compile(r"[—–\-－·.\s]*\d{1,3}[—–\-－·.\s]*")
_BETWEEN_LEADS = re.compile(r"[、，,；;/／\n\r\v]+")


def clean(text: str) -> str:
    """The text without stray blanks, full-width ones included.

    A blank stays (as one) only between two Latin letters or digits, where it parts words.
    """
    parts = _UNSEEN.sub("", text).split()
    joined = ""
    for part in parts:
        words = (
            joined
            and joined[-1].isascii()
            and joined[-1].isalnum()
            and part[0].isascii()
            and part[0].isalnum()
        )
        joined += f" {part}" if words else part
    return joined


def split_leads(text: str) -> list[str]:
    """The lead departments named in one cell, in order, each once; blanks inside are kept for the look-up."""
    found: list[str] = []
    for part in _BETWEEN_LEADS.split(_UNSEEN.sub("", text)):
        name = " ".join(part.split())
        if name and name not in found:
            found.append(name)
    return found


def is_page_number(text: str) -> bool:
    """Whether a line is only a page number such as “— 12 —”."""
    return bool(_PAGE_NUMBER.fullmatch(text)) and not text.isdigit()
