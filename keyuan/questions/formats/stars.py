"""The star of Moodle's short answers: alone it stands for any words, after a backslash for itself."""

from decimal import Decimal

from django.utils.translation import gettext as _

from keyuan.questions.formats.gathering import Refused
from keyuan.questions.items import Accepted


def accepted_from(words: str, share: Decimal, feedback: str) -> Accepted:
    """An accepted answer as such a file writes it. Raises Refused for both kinds of star in one."""
    plain = words.replace("\\*", "")
    if "*" in plain and plain != words:
        raise Refused(_("“%(words)s”里既有代表任意文字的 * 又有星号本身，无法读入。") % {"words": words[:20]})
    if "*" in plain:
        return Accepted(words, share, feedback, wild=True)
    return Accepted(words.replace("\\*", "*"), share, feedback)


def starred(accepted: Accepted) -> str:
    """The words as such a file writes them."""
    return accepted.text if accepted.wild else accepted.text.replace("*", "\\*")
