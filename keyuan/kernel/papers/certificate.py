"""The certificate of completion (结业证书): one page, with number and QR code, worded and laid by a template."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.papers import press
from keyuan.kernel.papers.facts import chinese_day

# What a template may name, each as {姓名}.
FIELDS = ("姓名", "单位", "日期", "班次", "学时", "颁发日期")
HEADING = "结业证书"
TEXT = "{姓名}{单位}同志：\n于{日期}参加“{班次}”学习，完成规定的{学时}学时，准予结业。\n特发此证。"
_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Seal:
    """A seal's picture (印章) and where its upper left corner and side stand, in millimetres."""

    picture: bytes
    x: float
    y: float
    side: float


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says (结业证书). `days` and `hours` come as words, as 2026年3月2日至3月6日 and 40.

    `plates` are the names of the school that issues it, the second plate after the first. `void` prints 作废
    across the page, `sample` 样张. `text` is the template's, with fields in braces. It says what it is not: no
    diploma, no degree.
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
    heading: str = HEADING
    text: str = TEXT
    upright: bool = False
    seal: Seal | None = None
    sample: bool = False


def text_fault(text: str) -> str:
    """Why a template's text cannot be used, in Chinese; empty when it can."""
    named = _FIELD.findall(text)
    unknown = [name for name in named if name not in FIELDS]
    if unknown or re.search(r"[{}]", _FIELD.sub("", text)):
        return _("正文里只能用这些栏目：%(fields)s。") % {"fields": _braced(FIELDS)}
    missing = [name for name in ("姓名", "班次", "学时") if name not in named]
    if missing:
        return _("正文缺少%(fields)s。") % {"fields": _braced(missing)}
    return ""


def _braced(names: Iterable[str]) -> str:
    return "、".join(f"{{{name}}}" for name in names)


def certificate_pdf(facts: CertificateFacts) -> bytes:
    """The certificate as a one-page PDF."""
    return press.pdf("certificate", _said(facts))


def certificate_picture(facts: CertificateFacts, dots: int = 72) -> bytes:
    """The same page as a PNG of so many dots an inch."""
    return press.picture("certificate", _said(facts), dots)


def _said(facts: CertificateFacts) -> dict[str, Any]:
    code = facts.verify_code
    return {name: value for name, value in asdict(facts).items() if name not in {"text", "seal"}} | {
        "issued_on": chinese_day(facts.issued_on),
        "qr": press.qr_svg(facts.verify_url),
        "code": " ".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "site": facts.verify_url.split("://", 1)[-1].split("/verify", 1)[0],
        "void_mark": "样张" if facts.sample else "作废" if facts.void else "",
        "paragraphs": [_pieces(line, facts) for line in facts.text.splitlines() if line.strip()],
        "seal": _sealed(facts.seal),
    }


def _pieces(line: str, facts: CertificateFacts) -> list[tuple[str, str]]:
    """A line as pieces of (kind, words): "name" stands out most, "field" a little, "plain" not at all."""
    values = {
        "姓名": facts.name, "单位": f"（{facts.organisation}）" if facts.organisation else "", "日期": facts.days,
        "班次": facts.title, "学时": facts.hours, "颁发日期": chinese_day(facts.issued_on),
    }  # fmt: skip
    kinds = {"姓名": "name", "班次": "field", "学时": "field"}
    pieces = []
    for at, part in enumerate(_FIELD.split(line.strip())):
        if at % 2:
            pieces.append((kinds.get(part, "plain"), values.get(part, "")))
        else:
            pieces.append(("plain", part))
    return [piece for piece in pieces if piece[1]]


def _sealed(seal: Seal | None) -> dict[str, Any] | None:
    return {"bytes": list(seal.picture), "x": seal.x, "y": seal.y, "side": seal.side} if seal else None
