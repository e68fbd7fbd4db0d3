"""What may be shown of the counts, and how scores are made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from keyuan.evaluation.rules.questions import GRADES, SATISFIED, Question

FEWEST = 5
TENTH = Decimal("0.1")
SCORE = {grade: score for grade, _word, score in GRADES}
FORMULA = "单项得分 =（非常满意×100 + 满意×85 + 合格×70 + 不满意×50）÷ 份数；总分 = 各单项得分按分值加权平均"


@dataclass(frozen=True)
class Bar:
    """One bar of an item (一条): its word, its count."""

    word: str
    count: int


@dataclass(frozen=True)
class ItemResult:
    """What may be shown of one item (单项结果); a coarse one shows two classes and a range instead of a score."""

    question: Question
    bars: tuple[Bar, ...]
    low: Decimal
    high: Decimal
    satisfied: Decimal
    coarse: bool


@dataclass(frozen=True)
class Result:
    """What may be shown of a form (评估结果); nothing of the answers below five."""

    eligible: int
    answered: int
    items: tuple[ItemResult, ...]
    shown: Literal["full", "too_few"]

    @property
    def answer_share(self) -> Decimal:
        """Answers of those who might (参评率), 0 to 1."""
        return (
            (Decimal(self.answered) / self.eligible).quantize(Decimal("0.0001"))
            if self.eligible
            else Decimal(0)
        )

    @property
    def low(self) -> Decimal | None:
        """The total, or the lower end of its range, of 100."""
        return self._weighted([item.low for item in self.items])

    @property
    def high(self) -> Decimal | None:
        """The upper end of the total."""
        return self._weighted([item.high for item in self.items])

    @property
    def satisfied(self) -> Decimal | None:
        """Satisfied or better among all grades given (满意率), 0 to 1."""
        if not self.items:
            return None
        return (sum((item.satisfied for item in self.items), Decimal(0)) / len(self.items)).quantize(
            Decimal("0.0001")
        )

    def _weighted(self, values: Sequence[Decimal]) -> Decimal | None:
        if not values:
            return None
        weights = [Decimal(item.question.points or 1) for item in self.items]
        total = sum((value * weight for value, weight in zip(values, weights, strict=True)), Decimal(0))
        return (total / sum(weights)).quantize(TENTH)


def result_of(
    questions: Sequence[Question], counts: Mapping[tuple[str, int], int], eligible: int, answered: int
) -> Result:
    """The result of a closed form: nothing below five answers; an item all agree on is shown in two classes only.

    Unanimity would tell each voter's exact grade. Two classes still give the satisfaction rate.
    """
    if answered < FEWEST:
        return Result(eligible, answered, (), "too_few")
    items = [
        _item(question, {grade: counts.get((question.key, grade), 0) for grade, _word, _score in GRADES})
        for question in questions
        if question.kind == "grade"
    ]
    return Result(eligible, answered, tuple(items), "full")


def _item(question: Question, counts: Mapping[int, int]) -> ItemResult:
    total = sum(counts.values())
    good = sum(counts[grade] for grade in SATISFIED)
    satisfied = (Decimal(good) / total).quantize(Decimal("0.0001")) if total else Decimal(0)
    if max(counts.values()) == total:
        ends = sorted(SCORE[grade] for grade in SCORE if (grade in SATISFIED) == bool(good))
        classes = (Bar("满意及以上", good), Bar("合格及以下", total - good))
        return ItemResult(question, classes, Decimal(ends[0]), Decimal(ends[-1]), satisfied, coarse=True)
    score = sum((Decimal(SCORE[grade] * count) for grade, count in counts.items()), Decimal(0)) / total
    bars = tuple(Bar(word, counts[grade]) for grade, word, _score in GRADES)
    return ItemResult(question, bars, score.quantize(TENTH), score.quantize(TENTH), satisfied, coarse=False)


def rough(count: int) -> int:
    """A running number of answers, only in steps of five, so that today minus yesterday names nobody."""
    return count - count % FEWEST
