"""What a hand-in must hold, how its characters are counted, and how its lateness is said; pure."""

import unicodedata
from datetime import datetime

from django.utils.translation import gettext as _

TEXT_AND_FILES = ("docx", "pdf", "jpg", "png")
MOST_FILES = 9


def characters(text: str) -> int:
    """The characters of a text as an office counts them: signs and letters, no blanks or line ends."""
    return sum(1 for sign in text if not sign.isspace() and unicodedata.category(sign) != "Cf")


def fault_of(text: str, files: int, least: int) -> str:
    """Why this cannot be handed in yet, empty when it can; a file may stand for the text."""
    count = characters(text)
    if not count and not files:
        return _("请先写正文，或者添加附件，再提交。")
    if not files and count < least:
        return _("要求不少于 %(least)s 字，现在 %(count)s 字。请补充后再提交；草稿已保存。") % {
            "least": least,
            "count": count,
        }
    return ""


def is_late(due_at: datetime, first_at: datetime | None) -> bool:
    """Whether the first hand-in came after the moment; later versions are asked for and never late."""
    return first_at is not None and first_at > due_at
