"""The seal of a posting: a keyed digest over the line, its lot and the line before."""

import hashlib
import hmac
import json
from datetime import UTC

from django.conf import settings

from keyuan.credits.models import Lot, Posting
from keyuan.kernel.secrets import secret

START = "0" * 64


def key() -> bytes:
    """The key of this installation's ledger."""
    return secret(settings.SECRETS, "ledger")


def digest(sealed_by: bytes, line: Posting, lot: Lot, counter_seq: int | None) -> str:
    """The digest (hex) of a posting with everything its lot says."""
    text = json.dumps(
        [
            line.previous,
            line.seq,
            line.account_id,
            line.scheme,
            line.kind,
            f"{line.amount:.2f}",
            counter_seq,
            line.reason,
            line.at.astimezone(UTC).isoformat(timespec="microseconds"),
            lot.source,
            lot.version,
            lot.account_id,
            lot.earned_on.isoformat(),
            lot.raw_minutes,
            lot.half_days,
            f"{lot.hours:.2f}",
            lot.title,
            lot.evidence,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(sealed_by, text.encode(), hashlib.sha256).hexdigest()
