"""A teacher answers a session on the phone."""

from django.db import transaction

from keyuan.kernel.access import Actor, require
from keyuan.training.actions import timetable
from keyuan.training.models import Session


@transaction.atomic
def answer(actor: Actor, *, session: Session, word: str) -> None:
    """Accept (`yes`) or decline (`no`) one's own session; answering again replaces the answer. Training audits it."""
    require(actor, "desk.teach", session)
    timetable.answer_invitation(session=session, person_id=actor.person_id or 0, answer=word)
