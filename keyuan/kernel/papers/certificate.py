"""The certificate of completion (结业证书): one landscape page, with number and QR code."""

from dataclasses import asdict, dataclass
from datetime import date

from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import chinese_day


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says (结业证书). `days` and `hours` come as words, as 2026年3月2日至3月6日 and 40.

    `plates` are the names of the school that issues it, the second plate after the first. `void` prints 作废
    across the page. It says what it is not: no diploma, no degree.
    """

    name: str
    title: str
    days: str
    hours: str
    number: str
    verify_code: str
    verify_url: str
    issued_on: date
    plates: tuple[str, ...]
    organisation: str = ""
    void: bool = False
    demo: bool = False


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as a one-page PDF."""
    code = facts.verify_code
    said = asdict(facts) | {
        "issued_on": chinese_day(facts.issued_on),
        "qr": press.qr_svg(facts.verify_url),
        "code": " ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "site": facts.verify_url.split("://", 1)[-1].split("/verify", 1)[0],
        "void_mark": "作废" if facts.void else "",
    }
    return press.pdf("certificate", said)
