"""Background work of this room."""

from django.urls import reverse
from django.utils.translation import gettext as _

from keyuan.credits import actions
from keyuan.credits.actions.certificates import ISSUE_JOB
from keyuan.credits.queries import progress_of_owner
from keyuan.kernel import bulk
from keyuan.kernel.jobs import Progress, job


@job(ISSUE_JOB, title="签发证书")
def issue_certificates(progress: Progress, *, owner_label: str, owner_id: int) -> None:
    """Issue what waits under an owner, one certificate a transaction; safe to kill and to run twice."""
    progress.link(f"{reverse('credits:certificates')}?state=issued")
    while actions.issue_next(progress.actor, owner_label=owner_label, owner_id=owner_id):
        now = progress_of_owner(owner_label, owner_id)
        progress(now.issued, now.issued + now.waiting, _("已签发 %(n)s 本") % {"n": now.issued})
        # The web must get its turn between two certificates.
        bulk.pause()
