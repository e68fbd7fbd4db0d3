"""The life of an item, as a table; each move leaves a step on the item and tells whom it concerns."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from keyuan.kernel import notify
from keyuan.kernel.access import Actor
from keyuan.kernel.flow import Flow, Move
from keyuan.supervision.models import Item, Step
from keyuan.supervision.queries.people import Told

S = Item.State
MANAGE, ANSWER, REPORT, VERIFY = (
    "supervision.manage", "supervision.answer", "supervision.report", "supervision.verify",
)  # fmt: skip

notify.kind("supervision.issued", title="督办交办", text="{item}，请于{deadline}前办结，并先签收。")
notify.kind("supervision.submitted", title="督办待核验", text="{item}已提交佐证，请核验。")
notify.kind("supervision.returned", title="督办退回补办", text="{item}退回补办：{note}")
notify.kind("supervision.closed", title="督办已销号", text="{item}已核验销号。")
notify.kind("supervision.moved", title="督办事项有变动", text="{item}{what}。{note}")


def tell(item: Item, people: list[int], kind: str, **facts: Any) -> None:
    """Tell persons about an item, with where to find it."""
    notify.tell(
        people, kind, f"/supervision/{item.pk}/", school_id=item.school_id, item=str(item),
        deadline=item.deadline, note=item.note or None, **facts,
    )  # fmt: skip


def put_down(item: Item, actor: Actor, kind: str, note: str = "", once: str = "") -> Step:
    """One line in the history of an item, in the caller's transaction."""
    return Step.objects.create(item=item, kind=kind, note=note[:400], once=once, done_by_id=actor.person_id)


def _after(kind: Step.Kind, notice: str = "", *, owners: bool = True) -> Callable[[Item, Actor], None]:
    """What follows a move: the step with what was said, and a notice to owners or to who follows it up."""

    def then(item: Item, actor: Actor) -> None:
        put_down(item, actor, kind, item.note)
        if notice:
            told = Told([item], timezone.localdate())
            tell(item, told.owners(item) if owners else told.heads(item), notice, what=str(kind.label))

    return then


# Who verified and when is written first, by the action: the database refuses a closed item without them.
ITEM: Flow[Item] = Flow(
    "supervision.item",
    Item,
    Move(
        "issue", "交办", (S.DRAFT,), S.ISSUED, MANAGE,
        then=_after(Step.Kind.ISSUED, "supervision.issued"), noted="note",
    ),
    Move("receive", "签收", (S.ISSUED,), S.RECEIVED, ANSWER, then=_after(Step.Kind.RECEIVED), noted="note"),
    Move("start", "开始办理", (S.RECEIVED, S.RETURNED), S.RUNNING, REPORT),
    Move(
        "submit", "提交核验", (S.RECEIVED, S.RUNNING, S.RETURNED), S.SUBMITTED, ANSWER,
        then=_after(Step.Kind.SUBMITTED, "supervision.submitted", owners=False), noted="note",
    ),
    Move("retract", "收回补充", (S.SUBMITTED,), S.RUNNING, ANSWER, then=_after(Step.Kind.RETRACTED), noted="note"),
    Move(
        "close", "核验销号", (S.SUBMITTED,), S.CLOSED, VERIFY,
        then=_after(Step.Kind.CLOSED, "supervision.closed"), noted="note",
    ),
    Move(
        "return", "退回补办", (S.SUBMITTED,), S.RETURNED, VERIFY, reason=True,
        then=_after(Step.Kind.RETURNED, "supervision.returned"), noted="note",
    ),
    Move(
        "suspend", "暂停", (S.RECEIVED, S.RUNNING, S.RETURNED), S.SUSPENDED, MANAGE, reason=True,
        then=_after(Step.Kind.SUSPENDED, "supervision.moved"), noted="note",
    ),
    Move(
        "resume", "恢复办理", (S.SUSPENDED,), S.RUNNING, MANAGE,
        then=_after(Step.Kind.RESUMED, "supervision.moved"), noted="note",
    ),
    Move(
        "reopen", "重新督办", (S.CLOSED,), S.RUNNING, MANAGE, reason=True,
        then=_after(Step.Kind.REOPENED, "supervision.moved"), noted="note",
    ),
    Move(
        "drop", "不立项", (S.DRAFT,), S.WITHDRAWN, MANAGE, danger=True,
        then=_after(Step.Kind.WITHDRAWN), noted="note",
    ),
    Move(
        "withdraw", "撤销", (S.ISSUED, S.RECEIVED, S.RUNNING, S.RETURNED, S.SUSPENDED), S.WITHDRAWN, MANAGE,
        reason=True, danger=True, then=_after(Step.Kind.WITHDRAWN, "supervision.moved"), noted="note",
    ),
)  # fmt: skip
