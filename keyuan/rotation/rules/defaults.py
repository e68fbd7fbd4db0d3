"""What a school begins with; all of it is data that the office adds to, each figure with the sentence it comes from.

The parts 30/42/18 and the once in five years are practice, not law: they say so and are to be corrected by the office.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keyuan.orgs.models import Organisation
from keyuan.rotation.models import Requirement, Span
from keyuan.terms.models import Post

_KIND, _DUTY = Organisation.Kind, Post.Duty
_ARTICLE = "《干部教育培训工作条例》（2023 年修订）第十四条"
_NOTICE = "《广东省科协党校（科技人才学院）建设方案》（粤科协组〔2020〕10号）四、（二）"
HEADS = ("医院院长（三长）", "中小学校长（三长）", "农技站站长（三长）")
LEADERS, OTHERS, SPECIALISTS = "县处级及以上干部", "乡科级及以下干部", "专业技术人员"
LABELS = (
    LEADERS, OTHERS, SPECIALISTS, *HEADS, "省科协常委", "高校科协主席", "企业科协主席", "县级科协主席", "党支部书记",
    "宣传干部", "科普干部", "基层科协负责人", "在粤工作院士", "战略科学家", "国家科学技术奖获奖者",
    "省科学技术奖获奖者", "优秀青年科技人才", "最美科技工作者",
)  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """One regime as it begins."""

    code: str
    name: str
    since: date
    hours: int
    source: str
    span: str = Span.CALENDAR.value
    years: int = 1
    online: int = 0
    parts: tuple[int, int, int] = (0, 0, 0)

    def values(self) -> dict[str, object]:
        """The fields of its first version."""
        names = ("professional", "public", "personal")
        parts = {name: Decimal(part) for name, part in zip(names, self.parts, strict=True)}
        return {
            "since": self.since, "span": self.span, "years": self.years, "hours": Decimal(self.hours),
            "online": Decimal(self.online), "source": self.source, **parts,
        }  # fmt: skip


REGIMES = (
    Figures(
        "leaders-550", "五年 550 学时", date(2023, 10, 15), 550,
        f"{_ARTICLE}：省部级、厅局级、县处级领导干部和四级调研员及相当层次职级以上公务员每 5 年累计不少于 3 个月或者 550 学时",
        Span.ROLLING.value, 5,
    ),
    Figures(
        "others-90", "每年 90 学时", date(2023, 10, 15), 90,
        f"{_ARTICLE}：乡科级和一级主任科员及相当层次职级以下公务员每年累计不少于 12 天或者 90 学时",
    ),
    Figures(
        "online-50", "每年网络自学 50 学时", date(2023, 10, 16), 50,
        "《全国干部教育培训规划（2023—2027年）》：干部网络自学每年不少于 50 学时", online=50,
    ),
    Figures(
        "specialists-90", "专业技术人员每年 90 学时", date(2015, 10, 1), 90,
        "《专业技术人员继续教育规定》（人社部令第 25 号）：每年不少于 90 学时，其中专业科目一般不少于三分之二（第八条）；公需 30、专业 42、个人选修 18 为省内通行做法，请核对后更新",
        parts=(42, 30, 18),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One requirement as it begins; `groups` are kind of organisation, post, label."""

    title: str
    basis: str
    groups: tuple[tuple[str, str, str], ...]
    regime: str = ""
    kind: str = Requirement.Kind.UNIVERSAL.value


_PRACTICE = "；五年一次为常用做法，可改"
_TARGETED = Requirement.Kind.TARGETED.value
REQUIREMENTS = (
    Asked(
        "机关和直属单位干部轮训", f"{_NOTICE}：省科协机关和直属单位领导干部普遍轮训{_PRACTICE}",
        ((_KIND.DEPARTMENT.value, "", ""), (_KIND.AFFILIATE.value, "", "")),
    ),
    Asked(
        "学会秘书长调训", f"{_NOTICE}：加强对学会理事长、秘书长的调训{_PRACTICE}",
        ((_KIND.SOCIETY.value, _DUTY.SECRETARY_GENERAL.value, ""),), kind=_TARGETED,
    ),
    Asked(
        "市科协主席调训", f"{_NOTICE}：加强对地方科协主席的调训{_PRACTICE}",
        ((_KIND.CITY_ASSOCIATION.value, _DUTY.CHAIR.value, ""),), kind=_TARGETED,
    ),
    Asked(
        "优秀“三长”代表调训", f"{_NOTICE}：加强对优秀“三长”代表的调训{_PRACTICE}",
        tuple(("", "", label) for label in HEADS), kind=_TARGETED,
    ),
    Asked("县处级及以上干部五年学时", _ARTICLE, (("", "", LEADERS),), "leaders-550"),
    Asked("乡科级及以下干部年度学时", _ARTICLE, (("", "", OTHERS),), "others-90"),
    Asked(
        "干部网络自学", "《全国干部教育培训规划（2023—2027年）》", (("", "", LEADERS), ("", "", OTHERS)), "online-50"
    ),
    Asked(
        "专业技术人员继续教育", "《专业技术人员继续教育规定》（人社部令第 25 号）", (("", "", SPECIALISTS),),
        "specialists-90",
    ),
)  # fmt: skip
