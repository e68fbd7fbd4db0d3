"""What a form asks, as typed values, and what a filled one must hold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

# Four grades with their scores of 100, the best first (domain practice: 100/85/70/50).
GRADES: tuple[tuple[int, str, int], ...] = (
    (4, "非常满意", 100),
    (3, "满意", 85),
    (2, "合格", 70),
    (1, "不满意", 50),
)
SATISFIED = (4, 3)
TEXT_LIMIT = 500


@dataclass(frozen=True)
class Question:
    """One question (题目): a grade that weighs some points, or an open text that may stay empty."""

    key: str
    kind: Literal["grade", "text"]
    title: str
    help: str = ""
    points: int = 0


# 教学评估的通行五项，各 20 分，加两道开放题.
SESSION_QUESTIONS: tuple[Question, ...] = (
    Question("relevance", "grade", "现实针对性", "内容贴近工作实际", 20),
    Question("theory", "grade", "理论性", "讲得透，有深度", 20),
    Question("substance", "grade", "信息量", "内容充实，有新知", 20),
    Question("delivery", "grade", "语言表达", "清楚，易懂，有条理", 20),
    Question("manner", "grade", "教风教态", "认真，得体，守时", 20),
    Question("gained", "text", "这次课最有收获的一点"),
    Question("advice", "text", "希望改进的一点"),
)

CLASS_QUESTIONS: tuple[Question, ...] = (
    Question("design", "grade", "教学设计", "", 10),
    Question("content", "grade", "课程内容", "", 10),
    Question("teachers", "grade", "师资", "", 10),
    Question("field", "grade", "现场教学", "", 10),
    Question("method", "grade", "教学方法", "", 10),
    Question("organisation", "grade", "组织管理", "", 10),
    Question("discipline", "grade", "学风", "", 10),
    Question("service", "grade", "后勤保障", "", 10),
    Question("gain", "grade", "学习收获", "", 10),
    Question("overall", "grade", "总体评价", "", 10),
    Question("best", "text", "本次培训最有收获的一点"),
    Question("advice", "text", "对办好培训的建议"),
)


def stored(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as kept in a form."""
    return [asdict(question) for question in questions]


def read_questions(kept: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a form; refuses what is not one, so that a damaged form is never shown half."""
    found = tuple(Question(**item) for item in kept)
    keys = [question.key for question in found]
    if not found or len(set(keys)) != len(keys):
        raise Fault("评估表的题目不完整或有重复，请重新设定题目。", "questions")
    if any(question.kind not in {"grade", "text"} or not question.title for question in found):
        raise Fault("评估表里有不认识的题型，请重新设定题目。", "questions")
    if sum(question.points for question in found if question.kind == "grade") not in {0, 100}:
        raise Fault("各评分项的分值之和要等于 100 分。", "questions")
    return found


@dataclass(frozen=True)
class Ballot:
    """One filled form (一份评估): a grade for each item, and the texts that are not empty."""

    grades: Mapping[str, int]
    texts: Mapping[str, str]


def read_ballot(questions: Sequence[Question], given: Mapping[str, Any]) -> Ballot:
    """Check what was filled in. Raises a Fault naming the first item left out."""
    grades: dict[str, int] = {}
    texts: dict[str, str] = {}
    for question in questions:
        value = str(given.get(question.key, "")).strip()
        if question.kind == "text":
            if value:
                texts[question.key] = value[:TEXT_LIMIT]
        elif value in {str(grade) for grade, _word, _score in GRADES}:
            grades[question.key] = int(value)
        else:
            raise Fault(_("请给“%(title)s”选一个等级，再提交。") % {"title": question.title}, question.key)
    return Ballot(grades, texts)
