"""Letters of admission (录取通知书): drawn by the person admitted, replaced when the class changes, void when it is off."""

from django.db import transaction
from django.utils import timezone

from keyuan.desk.queries.letters import HELD, KIND, plates_of, said, stale_letters
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.faults import Fault
from keyuan.kernel.links import absolute
from keyuan.kernel.models import DocSeries, IssuedPaper
from keyuan.kernel.papers import issuing, numbering
from keyuan.kernel.papers.letter import LetterFacts, letter_pdf
from keyuan.orgs.models import School
from keyuan.training.models import Nomination

MARK = "粤科协录"
CHANGED, OVER = "班次安排有变，以新通知书为准", "已不在录取名单"
TERMS = ("venue", "report", "lodging", "bring", "fees", "contact")
WORDS = {
    "days": "时间", "venue": "地点", "report": "报到和首次课", "lodging": "食宿", "bring": "请带与须知",
    "fees": "费用", "contact": "联系人",
}  # fmt: skip

audit.sentence("desk.letter.drawn", "领取了录取通知书{number}")


def _series(school: School) -> DocSeries:
    """The school's series of letters; a branch adds its own code to the mark, so that no number stands twice."""
    return numbering.open_series(
        school.pk, KIND, MARK if school.parent_id is None else f"{MARK}{school.code.upper()}"
    )


@transaction.atomic
@in_chinese
def draw(actor: Actor, *, nomination: Nomination) -> IssuedPaper:
    """The letter in force for one's own admission: made at the first asking, made anew when the class has changed.

    Raises Fault for who is not admitted (推荐不等于录取) or when the class is off.
    """
    rows = Nomination.objects.select_for_update(of=("self",)).select_related(
        "person", "organisation", "training_class__school", "training_class__head_teacher"
    )
    held = rows.get(pk=nomination.pk)
    require(actor, "desk.letter", held)
    if held.training_class.state not in HELD:
        raise Fault("班次已取消或还没有发布，没有录取通知书。")
    system = system_of(held.training_class.school_id)
    facts, paper = said(held), issuing.valid_paper(KIND, held, held.person_id)
    if paper is not None and paper.facts == facts:
        return paper

    def render(stamp: issuing.Stamp) -> bytes:
        return letter_pdf(_printed(held, facts, stamp))

    if paper is not None:
        fresh = issuing.reissue(system, paper, CHANGED, facts=facts, render=render)
    else:
        fresh = issuing.issue(
            system, kind=KIND, series=_series(held.training_class.school), owner=held, title=held.training_class.title,
            facts=facts, render=render, person_id=held.person_id, holder_name=held.person.name,
        )  # fmt: skip
    audit.record(actor, "desk.letter.drawn", held, number=fresh.number)
    return fresh


def _printed(held: Nomination, facts: dict[str, str], stamp: issuing.Stamp) -> LetterFacts:
    by = f"经{facts['organisation']}推荐，" if held.training_class.entry == "quota" else ""
    return LetterFacts(
        heading="录取通知书",
        name=facts["name"],
        opening=f"{by}现录取您参加“{facts['title']}”，请按下列安排报到学习。",
        rows=tuple((WORDS[key], facts[key]) for key in ("days", *TERMS) if facts.get(key)),
        closing="如因故不能参加，请尽早告知推荐单位或联系人，以便换人。",
        number=stamp.number,
        verify_code=stamp.verify_code,
        verify_url=absolute(f"/verify/{stamp.verify_code}/"),
        issued_on=timezone.localdate(stamp.issued_at),
        plates=plates_of(held.training_class.school),
        demo=held.person.demo,
    )


def void_stale(actor: Actor) -> int:
    """Void the letters of people no longer admitted, and of classes called off; how many. Safe to repeat."""
    require(actor, "desk.letter")
    stale = list(stale_letters())
    for paper in stale:
        issuing.revoke(system_of(paper.school_id), paper, OVER)
    return len(stale)
