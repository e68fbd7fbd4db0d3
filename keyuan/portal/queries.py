"""What the register of papers says to somebody who holds one."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.kernel.papers import verifying
from keyuan.kernel.papers.verifying import Standing
from keyuan.kernel.templating import long_date

KINDS = {"certificate": gettext_lazy("结业证书"), "admission": gettext_lazy("录取通知书")}
# The printed facts that may be shown, in the order of the paper; whatever else a paper's facts hold stays hidden.
LABELS = {
    "name": gettext_lazy("姓名"),
    "organisation": gettext_lazy("单位"),
    "title": gettext_lazy("班次"),
    "days": gettext_lazy("起止日期"),
    "hours": gettext_lazy("学时"),
    "issuer": gettext_lazy("签发单位"),
}


@dataclass(frozen=True)
class Answer:
    """The answer about one paper (核验结果): what is printed on it, and whether it still stands."""

    kind: str
    is_valid: bool
    is_replaced: bool
    revoked_on: datetime | None
    lines: tuple[tuple[str, str], ...]


def by_code(code: str) -> Answer | None:
    """The paper whose QR code says this; None when there is none."""
    return _answer(verifying.verify(code))


def by_number(number: str, name: str) -> Answer | None:
    """The paper of this number if the name is its holder's; None in every other case, whichever was wrong."""
    return _answer(verifying.verify(number, name=name))


def _answer(verdict: verifying.Verdict) -> Answer | None:
    if verdict.standing is Standing.UNKNOWN:
        return None
    facts = verdict.facts or {}
    lines = [(str(label), str(facts[key])) for key, label in LABELS.items() if facts.get(key)]
    lines = [(_("编号"), verdict.number), *(lines or [(_("名称"), verdict.title)])]
    if verdict.issued_at:
        lines.append((_("签发日期"), long_date(timezone.localtime(verdict.issued_at))))
    return Answer(
        kind=str(KINDS.get(verdict.kind, _("文书"))),
        is_valid=verdict.standing is Standing.VALID,
        is_replaced=verdict.replaced,
        revoked_on=verdict.revoked_at,
        lines=tuple(lines),
    )
