"""What waits for somebody here: questions to answer, classes that begin soon and are not arranged."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import todos
from keyuan.kernel.access import Actor
from keyuan.logistics.queries.mine import own_nominations
from keyuan.logistics.rules import keeps
from keyuan.people.roles import Role

GROUP = "会务"
SOON = 5


@todos.source
def questions_to_answer(actor: Actor) -> Iterator[todos.ToDo]:
    """A trainee has not yet said what is needed; one query."""
    if Role.TRAINEE not in actor.roles:
        return
    asked = Q()
    for question in ("diet", "room", "branch", "phone"):
        asked |= Q(**{f"training_class__arrangement__asks_{question}": True})
    day = "training_class__arrangement__answer_by"
    rows = own_nominations(actor).filter(asked, answer=None, training_class__state="published")
    rows = rows.filter(Q(**{day: None}) | Q(**{f"{day}__gte": timezone.localdate()}))
    told = rows.values_list("training_class_id", "training_class__title", "training_class__starts", day)
    for pk, title, starts, by in told:
        yield todos.ToDo(
            _("填写会务需要：%(title)s") % {"title": title},
            f"/classes/{pk}/logistics/mine/",
            due=by or starts,
            group=GROUP,
        )


@todos.source
def classes_to_arrange(actor: Actor) -> Iterator[todos.ToDo]:
    """A class begins within days and somebody is in no group, or needs a bed and has none."""
    if not actor.roles.intersection({Role.REGISTRAR, Role.HEAD_TEACHER}):
        return
    today = timezone.localdate()
    admitted = Q(nominations__state="admitted")
    rows = keeps(actor).filter(state="published", starts__range=(today, today + timedelta(days=SOON)))
    rows = rows.annotate(
        loose=Count("nominations", filter=admitted & Q(nominations__group=None)),
        homeless=Count("nominations", filter=admitted & Q(nominations__lodging=True, nominations__stay=None)),
    )
    for row in rows.filter(Q(loose__gt=0) | Q(homeless__gt=0)).order_by("starts"):
        yield todos.ToDo(
            _("会务未排完：%(title)s（%(a)s 人未编组，%(b)s 人没有床位）")
            % {"title": row.title, "a": row.loose, "b": row.homeless},
            f"/classes/{row.pk}/logistics/",
            due=row.starts,
            group=GROUP,
        )
