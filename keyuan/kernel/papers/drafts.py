"""What the office wrote for a document (公文稿): kept as plain text, read into paragraphs, headings by their numbers."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.models import PaperDraft
from keyuan.kernel.papers.facts import Block, Paragraph, numbered

audit.sentence("papers.written", "修改了公文稿（{kind}）")

# 一、 （一） 1. （1）, after GB/T 9704-2012 §7.3.3.
LEVELS = (
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"\d{1,2}[.．](?!\d)"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)


def blocks_of(text: str) -> tuple[Block, ...]:
    """A paragraph a line; a line that begins with a heading's number is a heading of that level."""
    return tuple(Paragraph(line, _level(line)) for line in map(str.strip, text.splitlines()) if line)


def _level(line: str) -> int:
    return next((level for level, sign in enumerate(LEVELS, 1) if sign.match(line)), 0)


def text_of(blocks: Iterable[Block]) -> str:
    """The paragraphs as text to be edited, numbers of headings written out; tables are left out."""
    return "\n".join(block.text for block in numbered(blocks) if isinstance(block, Paragraph))


def names_of(text: str) -> tuple[str, ...]:
    """Names typed one a line or with 、，；between."""
    return tuple(name for name in (part.strip() for part in re.split(r"[、，,；;\n]", text)) if name)


def draft_of(kind: str, label: str, owner_id: int) -> PaperDraft | None:
    """What was written of this kind for a thing; the caller has asked whether the thing may be seen."""
    return PaperDraft.objects.filter(kind=kind, owner_label=label, owner_id=owner_id).first()


def write(
    actor: Actor, *, school_id: int, kind: str, owner: tuple[str, int], form: str, said: dict[str, Any]
) -> PaperDraft:
    """Keep what was written, in the caller's transaction; the caller has asked for the right over the owner."""
    label, owner_id = owner
    values = {
        "school_id": school_id, "form": form, "said": said, "changed_at": timezone.now(), "changed_by": actor.person_id,
    }  # fmt: skip
    row, _made = PaperDraft.objects.update_or_create(
        kind=kind, owner_label=label, owner_id=owner_id, defaults=values
    )
    audit.record(actor, "papers.written", row, kind=kind)
    return row
