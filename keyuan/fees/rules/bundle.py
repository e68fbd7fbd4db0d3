"""The papers of a reimbursement (报销包), by 培训费办法 Art. 17; pure."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Paper:
    """One paper the finance office asks for (报销材料)."""

    key: str
    title: str | Promise
    note: str | Promise
    needed: bool = True


SOURCE = "财行〔2016〕540号第十七条"
PAPERS = (
    Paper("plan", _("培训计划批准件"), _("列入年度计划的附计划表摘录；计划外的附单位主要负责人批准件")),
    Paper("notice", _("培训通知"), _("正式印发、有文号的通知")),
    Paper("signin", _("实际参训人员签到表"), _("逐半天签到，由系统考勤表导出打印")),
    Paper("receipts", _("培训机构出具的收款票据、费用明细"), _("票据抬头、日期与班期相符")),
    Paper("lecture", _("讲课费签收单"), _("每位老师签收，写明学时、标准、税前税后金额")),
    Paper("travel", _("授课老师差旅票据"), _("外地老师的城市间交通、住宿票据；没有外地老师可不附"), needed=False),
    Paper("transfer", _("公务卡或转账凭证"), _("培训费不以现金支付")),
    Paper("budget", _("经批准的预算和决算"), _("在本系统审批完成后自动认定")),
)  # fmt: skip
KEYS = {paper.key for paper in PAPERS}
