"""What the domain may refuse, told to a person in words that say how to mend it."""

from django.utils.translation import gettext


class Fault(Exception):
    """A rule refused; `message` is shown as it stands, `field` names the input at fault."""

    status = 422

    def __init__(self, message: str, field: str = "") -> None:
        self.message = gettext(message) if message else ""
        super().__init__(self.message)
        self.field = field


class Conflict(Fault):
    """Somebody else was quicker, or the thing has moved on since the page was opened."""

    status = 409
