"""What a stranger may learn about a paper: whether it is in force and what stands on it, nothing to list."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from keyuan.kernel.codes import normal_name
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.papers.numbering import normal_number


class Standing(Enum):
    """How a paper stands (核验结果)."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The answer of the verification page, of one shape whatever was found."""

    standing: Standing
    kind: str = ""
    title: str = ""
    number: str = ""
    holder_name: str = ""
    facts: dict[str, Any] | None = None
    issued_at: datetime | None = None
    revoked_at: datetime | None = None
    replaced: bool = False


UNKNOWN = Verdict(Standing.UNKNOWN)


def verify(typed: str, *, name: str = "") -> Verdict:
    """The verdict on a full verify code, or on a number together with its holder's name.

    A number without the right name is unknown, exactly as a number never issued: numbers run in order
    and would otherwise list everybody. A revoked paper shows that it is void and no more of its content.
    """
    paper = _by_code(typed) or _by_number(typed, name)
    if paper is None:
        return UNKNOWN
    if paper.revoked_at is not None:
        replaced = IssuedPaper.objects.filter(replaces=paper).exists()
        return Verdict(
            Standing.REVOKED, paper.kind, paper.title, paper.number,
            issued_at=paper.issued_at, revoked_at=paper.revoked_at, replaced=replaced,
        )  # fmt: skip
    return Verdict(
        Standing.VALID, paper.kind, paper.title, paper.number, paper.holder_name, paper.facts, paper.issued_at
    )


def _by_code(typed: str) -> IssuedPaper | None:
    code = "".join(typed.split()).replace("-", "").upper()
    if not code or len(code) > 24 or not code.isascii():
        return None
    return IssuedPaper.objects.filter(verify_code=code).first()


def _by_number(typed: str, name: str) -> IssuedPaper | None:
    wanted = normal_name(name)
    if not wanted or len(typed) > 80:
        return None
    # Two schools may use one mark; the name tells whose is meant, and two of one name are told apart by nobody.
    found = [
        paper
        for paper in IssuedPaper.objects.filter(number__in={typed.strip(), normal_number(typed)})[:20]
        if normal_name(paper.holder_name) == wanted
    ]
    return found[0] if len(found) == 1 else None
