"""Somebody new, registered and nominated in one go."""

from typing import Any

from keyuan.people.forms import PersonForm


class NomineeForm(PersonForm):
    """A person as the people room takes them, with the identity number a roster needs (被推荐人)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id_number"].required = True
