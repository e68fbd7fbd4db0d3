"""Times at which the demo's teachers cannot or would rather teach."""

from datetime import timedelta

from django.utils import timezone

from keyuan.desk.demo.cast import Cast
from keyuan.people.actions import availability
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.models import Availability, Person

# Days from today, how many, weekdays by bit, half-day and what was written.
SAID = (
    ("cannot", 14, 5, 127, "", "外出，不在广州"),
    ("cannot", 10, 90, 1, "am", "周一上午固定有课"),
    ("prefers", 21, 30, 12, "pm", ""),
)
TEACHERS = 4


def make(cast: Cast) -> None:
    """The teacher with the account states three times, a few others one each; what is stated stays."""
    today = timezone.localdate()
    others = Person.objects.filter(school=cast.school, demo=True, taught_sessions__isnull=False)
    people = [
        cast.parts["teacher"],
        *others.exclude(pk=cast.parts["teacher"].pk).distinct().order_by("pk")[:TEACHERS],
    ]
    if Availability.objects.filter(person__in=people).exists():
        return
    for number, person in enumerate(people):
        for kind, after, days, weekdays, half, note in SAID if number == 0 else (SAID[number % len(SAID)],):
            starts = today + timedelta(days=after + number)
            ends = starts + timedelta(days=days)
            facts = AvailabilityFacts(kind, starts, ends, weekdays, half, note)
            availability.state(cast.actor("registrar"), person=person, facts=facts)
