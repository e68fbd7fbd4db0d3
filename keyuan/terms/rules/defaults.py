"""The posts and the lengths of terms a school begins with; all of it is data that the office corrects.

Lengths: 《社会团体章程示范文本》(民政部, made under the 《社会团体登记管理条例》): a council's term is at most five years; an
earlier or later election needs the council's vote, the supervising unit's review and the registration authority's
approval, and a delay is at most one year. 《中国科学技术协会章程》: the congress meets every five years, in special cases
earlier or later, with no figure for the delay; local associations follow it.
"""

from datetime import date

from keyuan.orgs.models import Organisation
from keyuan.terms.models import Post

_SOCIETY, _CITY = Organisation.Kind.SOCIETY.value, Organisation.Kind.CITY_ASSOCIATION.value
_D = Post.Duty
# Kind, duty, name, whether for one holder, whether it should always be held.
POSTS: tuple[tuple[str, str, str, bool, bool], ...] = (
    (_SOCIETY, _D.PRESIDENT.value, "理事长", True, True),
    (_SOCIETY, _D.VICE_PRESIDENT.value, "副理事长", False, False),
    (_SOCIETY, _D.SECRETARY_GENERAL.value, "秘书长", True, True),
    (_SOCIETY, _D.DEPUTY_SECRETARY.value, "副秘书长", False, False),
    (_SOCIETY, _D.SUPERVISOR.value, "监事长", True, False),
    (_SOCIETY, _D.PARTY_SECRETARY.value, "党组织书记", True, False),
    (_CITY, _D.PARTY_SECRETARY.value, "党组书记", True, True),
    (_CITY, _D.CHAIR.value, "主席", True, True),
    (_CITY, _D.VICE_CHAIR.value, "副主席", False, False),
    (_CITY, _D.SECRETARY_GENERAL.value, "秘书长", True, False),
)
# Kind, from when, years, longest delay in months, source.
RULES: tuple[tuple[str, date, int, int, str], ...] = (
    (
        _SOCIETY, date(1998, 11, 26), 5, 12,
        "《社会团体章程示范文本》（民政部 1998）：每届最长不超过 5 年；延期换届须经批准，最长不超过 1 年",
    ),
    (
        _CITY, date(1998, 11, 26), 5, 12,
        "《中国科学技术协会章程》：代表大会每五年举行一次，特殊情况可提前或延期（延期上限章程未写，暂按 12 个月，可改）",
    ),
)  # fmt: skip
