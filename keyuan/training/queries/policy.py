"""The office's dated figures for running classes."""

from datetime import date, timedelta

from django.utils import timezone

from keyuan.kernel.access import Actor, visible
from keyuan.training.models import ClassPolicy, TrainingClass

DEFAULT_SOURCE = "系统默认，参照财行〔2016〕540号和 2013 年学员管理规定"


def policy_on(school_id: int, day: date) -> ClassPolicy:
    """What holds on a day: the newest policy not after it, or the defaults when the school has set none."""
    rows = ClassPolicy.objects.filter(school_id=school_id, valid_from__lte=day)
    found = rows.order_by("-valid_from").first()
    return found or ClassPolicy(school_id=school_id, valid_from=day, source=DEFAULT_SOURCE)


def policies_seen(actor: Actor) -> list[ClassPolicy]:
    """All policies of the actor's school, the newest first."""
    return list(visible(actor, ClassPolicy).order_by("-valid_from"))


def contacts_until(training_class: TrainingClass) -> date | None:
    """The last day on which a closed class may see one another's phone numbers; None while it is not closed.

    The list ends with the class and the policy's days after it (2013 年学员管理规定: no alumni bodies).
    """
    if training_class.closed_at is None:
        return None
    days = policy_on(training_class.school_id, training_class.ends).contact_days
    return timezone.localdate(training_class.closed_at + timedelta(days=days))


def contacts_open(training_class: TrainingClass, today: date) -> bool:
    """Whether trainees and head teacher may still see one another's phone numbers."""
    last = contacts_until(training_class)
    return training_class.state not in {"cancelled", "draft"} if last is None else today <= last
