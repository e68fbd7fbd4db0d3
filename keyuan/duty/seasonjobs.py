"""Background work of seasons: a proposal is worked out while the office does something else."""

from keyuan.duty.actions import proposing
from keyuan.duty.models import Proposal
from keyuan.kernel.jobs import Progress, job


@job("duty.solve", title="听课讲课排期", attempts=2)
def solve_season(progress: Progress, *, proposal: int) -> None:
    """Work the proposal out and judge it; one that has been worked out stays as it is."""
    row = Proposal.objects.select_related("season", "after").get(pk=proposal)
    found = proposing.work_out(progress.actor, proposal=row, step=progress)
    progress.link(f"/duties/proposals/{row.pk}/", f"排上 {found.covered} 项，共 {found.duties} 项。")
