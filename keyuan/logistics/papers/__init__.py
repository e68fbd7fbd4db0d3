"""Every paper of looking after a class, made from what is arranged: nothing is typed twice."""

from collections.abc import Callable
from dataclasses import dataclass

from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.logistics.papers import cards, lists, plans, tables
from keyuan.training.models import TrainingClass
from keyuan.training.papers import Made


@dataclass(frozen=True)
class Kind:
    """One kind of paper (会务用纸)."""

    kind: str
    title: str
    form: str
    note: str
    write: Callable[[Actor, TrainingClass], bytes]


KINDS = (
    Kind("names", "席卡", "pdf", "每页两张，中间对折后两面都有姓名", cards.name_cards),
    Kind("badges", "胸牌", "pdf", "每页十张，印本人签到码；沿线裁开", cards.badges),
    Kind("signing", "签到表", "pdf", "每半天一份，按单位次序，留签名格", plans.sign_in),
    Kind("seats", "座次表", "pdf", "每个会场一页，座位多的用 A3", plans.seat_plans),
    Kind("groups", "分组名单", "docx", "含班委和组长，可在 WPS 里改", lists.groups_docx),
    Kind("rooms", "住宿名单", "pdf", "按房号排列", lists.lodging_pdf),
    Kind("rides", "乘车名单", "pdf", "每个行程按车排列", lists.rides_pdf),
    Kind("tables", "桌次名单", "docx", "按桌排列，可在 WPS 里改", tables.tables_docx),
    Kind("tablecards", "桌牌", "pdf", "每页两张，中间对折后两面都有桌号", tables.table_cards),
)


def make(actor: Actor, training_class: TrainingClass, kind: str) -> Made:
    """One paper; the caller has asked for the right. Raises Fault for a kind that does not exist."""
    for known in KINDS:
        if known.kind == kind:
            content = known.write(actor, training_class)
            name = f"{training_class.title}{known.title}.{known.form}"
            return Made(name, content)
    raise Fault("没有这种文件，请从列表中选择。")
