"""What the rooms below are given by this one: a page on each class, a card on one's own page, things to find."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.fees.models import Budget, LectureFee
from keyuan.kernel import search
from keyuan.kernel.access import Actor, can, visible
from keyuan.people import queries as people
from keyuan.people.queries import ProfileLine
from keyuan.training.models import TrainingClass
from keyuan.training.queries.classes import tab


def _shown(actor: Actor, training_class: TrainingClass) -> bool:
    return training_class.fees and can(actor, "fees.read", training_class)


tab("fees/", _lazy("经费"), _shown)


@people.profile_card
def my_lecture_fees(actor: Actor) -> tuple[str, list[ProfileLine]] | None:
    """One's own lecture-fee slips, where there are any."""
    rows = visible(actor, LectureFee).filter(person_id=actor.person_id or 0).exclude(state="draft")
    lines = [
        ProfileLine(fee.training_class.title, f"/fees/mine/{fee.pk}/", str(fee.get_state_display()))
        for fee in rows.select_related("training_class").order_by("-month", "-pk")[:5]
    ]
    return (_("我的讲课费"), lines) if lines else None


search.register(
    Budget, kind="预算", link=lambda budget: f"/classes/{budget.training_class_id}/fees/",
    title=lambda budget: f"{budget.training_class.title} 预算",
    note=lambda budget: str(budget.get_state_display()), text=lambda budget: budget.channel,
    rows=lambda rows: rows.select_related("training_class"),
)  # fmt: skip
