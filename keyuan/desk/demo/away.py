"""One demo head is away and lets a colleague approve."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keyuan.approvals import actions as approvals
from keyuan.approvals.models import Delegation
from keyuan.desk.demo.cast import Cast

DAYS = 5


@transaction.atomic
def make(cast: Cast) -> None:
    """From today for some days; again once that is over."""
    today, away = timezone.localdate(), cast.parts["head2"]
    if Delegation.objects.filter(principal=away, ends__gte=today).exists():
        return
    approvals.delegate(
        cast.actor("head2"),
        delegate=cast.parts["head"],
        starts=today,
        ends=today + timedelta(days=DAYS),
        reason="出差调研",
    )
