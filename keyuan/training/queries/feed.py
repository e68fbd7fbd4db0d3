"""The address a person's own calendar polls."""

from keyuan.kernel.access import Actor
from keyuan.kernel.links import absolute
from keyuan.training.feeds import token_of


def feed_address(actor: Actor) -> str:
    """One's own sessions as iCalendar, by an address that is the person's alone; empty for nobody."""
    return absolute(f"/calendar/{token_of(actor.person_id)}.ics") if actor.person_id else ""
