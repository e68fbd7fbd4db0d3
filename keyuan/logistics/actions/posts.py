"""Who holds which post in the class and in its temporary branch."""

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions.arranging import chosen, hold
from keyuan.logistics.models import Post
from keyuan.logistics.queries.needs import arrangement_of, joined
from keyuan.training.models import TrainingClass

audit.sentence("logistics.post.given", "任命班级职务：{thing}（{kind}）")
audit.sentence("logistics.post.taken", "免去班级职务：{thing}（{kind}）")
# A branch needs three to exist (党章 art. 30); the temporary one of a class follows.
BRANCH_LEAST = 3


@transaction.atomic
def appoint(actor: Actor, *, training_class: TrainingClass, kind: str, nomination_id: int) -> Post:
    """Give a post to a trainee; who held a post that has one holder gives it up.

    Posts of the temporary branch go to those who join it, and only once three do.
    """
    held = hold(actor, training_class)
    if kind not in Post.Kind.values:
        raise Fault(_("没有这个职务，请刷新后再试。"), "kind")
    nomination = chosen(held, [nomination_id])[0]
    if kind in Post.BRANCH:
        _check_branch(held, nomination.pk)
    if kind != Post.Kind.VICE_MONITOR:
        Post.objects.filter(training_class=held, kind=kind).exclude(nomination=nomination).delete()
    post, fresh = Post.objects.get_or_create(training_class=held, nomination=nomination, kind=kind)
    if fresh:
        audit.record(actor, "logistics.post.given", held, kind=kind, nomination=nomination.pk)
    return post


def _check_branch(training_class: TrainingClass, nomination_id: int) -> None:
    if not arrangement_of(training_class).asks_branch:
        raise Fault(_("本班没有征询临时党支部，请先在“学员需要”里打开这一项。"), "kind")
    members = joined(training_class)
    if len(members) < BRANCH_LEAST:
        raise Fault(_("参加临时党支部的不足 3 人，不能设支委。"), "kind")
    if nomination_id not in members:
        raise Fault(_("此人没有填写参加临时党支部，不能任支委。"), "nomination")


@transaction.atomic
def dismiss(actor: Actor, *, training_class: TrainingClass, post_id: int) -> None:
    """Take a post away; one already taken away stays so."""
    held = hold(actor, training_class)
    post = Post.objects.filter(training_class=held, pk=post_id).first()
    if post is None:
        return
    audit.record(actor, "logistics.post.taken", held, kind=post.kind, nomination=post.nomination_id)
    post.delete()
