"""Why a cell was read otherwise than it was written, in a few words beside what stood there."""

import re

from django.utils.translation import gettext as _

from keyuan.kernel import codes


def why(before: str, after: str) -> str:
    """The reason for a safe repair: blanks, full width, line breaks, or the house's way of writing it."""
    reasons = []
    if re.search(r"[\r\n]", before):
        reasons.append(_("换行改为一行"))
    if re.search("[\uff01-\uff5e]", before):
        reasons.append(_("全角改半角"))
    if re.sub(r"\s", "", before) != before.strip() or before != before.strip():
        reasons.append(_("去掉多余空格"))
    if re.sub(r"\s", "", codes.normal_text(before)) != re.sub(r"\s", "", codes.normal_text(after)):
        reasons.append(_("统一写法"))
    return "，".join(reasons) or _("统一写法")
