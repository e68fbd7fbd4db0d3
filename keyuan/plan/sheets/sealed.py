"""An annex on its way from preview to confirmation: signed, bound to the school, and short-lived."""

from dataclasses import asdict
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.plan.rules.annex import Annex, AnnexActivity, AnnexType

SALT = "keyuan.plan.import"
SECONDS = 2 * 3600


def seal(annex: Annex, *, school_id: int, state: str) -> str:
    """The annex as a token for the confirming form; nobody can alter it on the way."""
    return signing.dumps([school_id, state, asdict(annex)], salt=SALT, compress=True)


def unseal(token: str, *, school_id: int) -> tuple[Annex, str]:
    """The annex and the plan's state at the preview. Raises Fault when altered, too old or of another school."""
    try:
        owner, state, facts = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise Fault(_("预览已过期或不完整，请重新上传文件。"), "file") from error
    if owner != school_id:
        raise Fault(_("这份预览属于另一所学校，请在当前身份下重新上传。"), "file")
    return _annex(facts), str(state)


def _annex(facts: dict[str, Any]) -> Annex:
    return Annex(
        year=facts["year"],
        title=facts["title"],
        source_note=facts["source_note"],
        types=tuple(AnnexType(**kind) for kind in facts["types"]),
        activities=tuple(
            AnnexActivity(**line | {"leads": tuple(line["leads"])}) for line in facts["activities"]
        ),
    )
