"""The way of an edition to its learners, as a table: three reviews (三审) by three persons."""

from keyuan.kernel.access import Actor
from keyuan.kernel.flow import Flow, Move
from keyuan.learning.models import Edition

S = Edition.State
REVIEW = "learning.review"


def _returned(row: Edition, actor: Actor) -> None:
    """A returned edition is reviewed from the beginning."""
    Edition.objects.filter(pk=row.pk).update(first_by=None, second_by=None)


# Who reviews is written first, by the action: the database refuses a publication without the three.
EDITION: Flow[Edition] = Flow(
    "learning.edition",
    Edition,
    Move("submit", "提交审核", (S.DRAFT,), S.FIRST, "learning.make"),
    Move("first", "初审通过", (S.FIRST,), S.SECOND, REVIEW),
    Move("second", "复审通过", (S.SECOND,), S.FINAL, REVIEW),
    Move("final", "终审通过并发布", (S.FINAL,), S.PUBLISHED, REVIEW),
    Move("return", "退回修改", (S.FIRST, S.SECOND, S.FINAL), S.DRAFT, REVIEW, then=_returned, reason=True, noted="reason"),
    Move("withdraw", "下架", (S.PUBLISHED,), S.WITHDRAWN, "learning.withdraw", reason=True, noted="reason"),
)  # fmt: skip
