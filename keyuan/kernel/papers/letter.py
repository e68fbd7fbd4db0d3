"""A letter to one person (通知书): one page with number and QR code, a table of what to know, and who signs."""

from dataclasses import asdict, dataclass
from datetime import date

from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import chinese_day


@dataclass(frozen=True)
class LetterFacts:
    """What a letter says (通知书). `rows` are term and words."""

    heading: str
    name: str
    opening: str
    rows: tuple[tuple[str, str], ...]
    closing: str
    number: str
    verify_code: str
    verify_url: str
    issued_on: date
    plates: tuple[str, ...]
    demo: bool = False


def letter_pdf(facts: LetterFacts) -> bytes:
    """The letter as a PDF on A4."""
    code = facts.verify_code
    said = asdict(facts) | {
        "issued_on": chinese_day(facts.issued_on),
        "qr": press.qr_svg(facts.verify_url),
        "code": " ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "site": facts.verify_url.split("://", 1)[-1].split("/verify", 1)[0],
    }
    return press.pdf("letter", said)
