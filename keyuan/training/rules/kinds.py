"""What each kind of activity has and may hold; pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from keyuan.training.models import Session, TrainingClass

K, E = TrainingClass.Kind, TrainingClass.Entry


@dataclass(frozen=True)
class Parts:
    """Which parts a kind has unless the office decides otherwise for one class."""

    entry: str = E.QUOTA
    lodging: bool = True
    fees: bool = True
    itinerary: bool = False
    certificate: bool = True

    def as_facts(self) -> dict[str, str | bool]:
        """By field name."""
        return {name: getattr(self, name) for name in PART_NAMES}


PART_NAMES = ("entry", "lodging", "fees", "itinerary", "certificate")
PARTS = {
    K.TRAINING: Parts(),
    K.ROTATION: Parts(),
    K.DEMONSTRATION: Parts(),
    K.FIELD_STUDY: Parts(E.INVITATION, itinerary=True, certificate=False),
    K.SALON: Parts(E.OPEN, lodging=False, fees=False, certificate=False),
    K.SEMINAR: Parts(E.INVITATION, certificate=False),
    K.ONLINE: Parts(E.OPEN, lodging=False, fees=False),
    K.BLENDED: Parts(),
}
# A journey is what a field study is for; the rule below is about training classes.
JOURNEYS = frozenset({K.FIELD_STUDY})
OUTINGS = frozenset({Session.Kind.STUDY, Session.Kind.VISIT})


def refused_session(training_class: TrainingClass, session_kind: str, short_days: int) -> str:
    """Why a class may not hold such a session; empty when it may.

    A class of at most `short_days` days holds no survey, study trip or visit, only field teaching that the
    course needs (中央和国家机关培训费管理办法, 财行〔2016〕540号; 7 days there).
    """
    days = (training_class.ends - training_class.starts).days + 1
    if session_kind not in OUTINGS or training_class.kind in JOURNEYS or days > short_days:
        return ""
    return _(
        "%(days)s 天的培训不能安排考察、调研或参观（财行〔2016〕540号：%(limit)s 日以内的培训不得组织）。"
        "课程确有需要的，请改为“现场教学”。"
    ) % {"days": days, "limit": short_days}
