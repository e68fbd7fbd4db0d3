"""Duties of terms, and every fact from which their state is read: plans, proofs, claims, exemptions, reminders."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.duty.models.laid_down import Kind
from keyuan.kernel.triggers import guard
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.terms.models import Term
from keyuan.training.models import Session, TrainingClass


class Duty(models.Model):
    """One of the two duties of one term of office (听一课讲一课).

    Who, where and how long are the term's own; the state is read from plans, proofs and exemptions, never stored.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="duties", verbose_name=_("任期"))
    kind = models.CharField(_("职责"), max_length=8, choices=Kind)
    # The set date of the rule under which it was opened; without one the term's end counts.
    due = models.DateField(_("限期"), null=True, blank=True)
    opened_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    class Meta:
        """A term owes each duty once."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("term", "kind"), name="one_duty_a_term_and_kind"),
            models.CheckConstraint(condition=Q(kind__in=("attend", "lecture")), name="duty_kind_known"),
        )
        indexes = (models.Index(fields=("school", "kind"), name="duty_by_kind"),)

    def __str__(self) -> str:
        """Which of the two."""
        return str(self.get_kind_display())


class DutyPlan(models.Model):
    """The class or session named for a duty (安排), or an event that is no class; one stands at a time."""

    class Answer(models.TextChoices):
        """What the person said to it."""

        NONE = "", _("未答复")
        YES = "yes", _("可以参加")
        NO = "no", _("不能参加")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="plans", verbose_name=_("职责"))
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("班次")
    )
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("课次")
    )
    # An event outside the classes: its name and day, and its number in the room that keeps it.
    title = models.CharField(_("活动名称"), max_length=120, blank=True)
    day = models.DateField(_("活动日期"), null=True, blank=True)
    event_id = models.BigIntegerField(null=True, blank=True, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    answer = models.CharField(_("本人答复"), max_length=3, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    planned_at = models.DateTimeField(_("安排时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("安排人"))
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("取消人")
    )
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    class Meta:
        """The newest first; one standing plan a duty."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("duty",), condition=Q(cancelled_at=None), name="one_standing_plan_a_duty"
            ),
            models.CheckConstraint(
                condition=Q(training_class__isnull=False, title="", day=None)
                | (Q(training_class=None, session=None, day__isnull=False) & ~Q(title="")),
                name="plan_names_a_class_or_an_event",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | ~Q(cancel_reason=""), name="plan_cancelled_says_why"
            ),
        )
        indexes = (models.Index(fields=("training_class", "cancelled_at"), name="duty_plan_by_class"),)

    def __str__(self) -> str:
        """What was named."""
        return self.title or str(self.session or self.training_class)


class DutyClaim(models.Model):
    """A duty said to be done outside Keyuan, with evidence (履职举证); the office accepts or returns it."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("待审核")
        ACCEPTED = "accepted", _("已认可")
        RETURNED = "returned", _("未认可")
        WITHDRAWN = "withdrawn", _("已撤回")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="claims", verbose_name=_("职责"))
    title = models.CharField(_("活动或课程名称"), max_length=120)
    held_on = models.DateField(_("日期"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(_("提交时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人"))
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    reason = models.CharField(_("审核意见"), max_length=200, blank=True)

    class Meta:
        """The newest first; one waits at a time."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("duty",), condition=Q(state="waiting"), name="one_waiting_claim_a_duty"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "accepted", "returned", "withdrawn")),
                name="duty_claim_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="returned_claim_says_why"
            ),
        )

    def __str__(self) -> str:
        """What it names."""
        return self.title


class Proof(models.Model):
    """What proves a duty (完成凭据): a class attended, a session taught, an event, or a claim the office accepted.

    A proof is never changed or deleted; when attendance is corrected it falls by a reversal that stays beside it.
    """

    class How(models.TextChoices):
        """How it became known."""

        ATTENDANCE = "attendance", _("考勤记录")
        TIMETABLE = "timetable", _("课程表主讲")
        EVENT = "event", _("承办活动")
        MANUAL = "manual", _("人工认定")

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="proofs", verbose_name=_("职责"))
    how = models.CharField(_("方式"), max_length=10, choices=How)
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("班次")
    )
    # A plain number: a timetable may still drop the session, and then the proof falls by a reversal.
    session_id = models.BigIntegerField(_("课次"), null=True, blank=True)
    claim = models.OneToOneField(
        DutyClaim, models.PROTECT, null=True, blank=True, related_name="proof", verbose_name=_("举证")
    )
    event_id = models.BigIntegerField(null=True, blank=True, editable=False)
    # As it was called on the day it was proven.
    title = models.CharField(_("内容"), max_length=200)
    held_on = models.DateField(_("日期"))
    at = models.DateTimeField(_("认定时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("认定人"))
    standing = models.BooleanField(_("有效"), default=True)

    class Meta:
        """The newest first; one stands at a time."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("duty",), condition=Q(standing=True), name="one_standing_proof_a_duty"
            ),
            models.CheckConstraint(
                condition=Q(how="attendance", training_class__isnull=False)
                | Q(how="timetable", training_class__isnull=False, session_id__isnull=False)
                | Q(how__in=("event", "manual"), training_class=None, session_id=None),
                name="proof_names_its_source",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="proof_has_a_title"),
        )

    def __str__(self) -> str:
        """What it was."""
        return self.title


class Reversal(models.Model):
    """The counter-entry to a proof (冲销): why it no longer stands."""

    proof = models.OneToOneField(Proof, models.PROTECT, related_name="reversal", verbose_name=_("凭据"))
    reason = models.CharField(_("原因"), max_length=200)
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))

    class Meta:
        """In the order of time; it says why."""

        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="reversal_says_why"),)

    def __str__(self) -> str:
        """Why."""
        return self.reason


class Exemption(models.Model):
    """A duty waived by the office with its reason (免除); it can be taken back."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="exemptions", verbose_name=_("职责"))
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(_("批准时间"), default=timezone.now, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )
    revoke_reason = models.CharField(_("撤销理由"), max_length=200, blank=True)

    class Meta:
        """The newest first; one stands at a time and each step says why."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("duty",), condition=Q(revoked_at=None), name="one_standing_exemption_a_duty"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exemption_says_why"),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoke_reason=""), name="exemption_revoked_says_why"
            ),
        )

    def __str__(self) -> str:
        """Why."""
        return self.reason


class Reminder(models.Model):
    """That somebody was reminded of a duty so many days before an end (提醒记录); never twice for the same."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="reminders", verbose_name=_("职责"))
    # The end the distance was counted from: an extended term is reminded of anew.
    end = models.DateField(_("任期至"))
    days = models.PositiveSmallIntegerField(_("提前天数"))
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    told = models.PositiveSmallIntegerField(_("通知人数"))

    class Meta:
        """The newest first; once a duty, end and distance."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("duty", "end", "days"), name="one_reminder_a_distance"),
        )

    def __str__(self) -> str:
        """How long before."""
        return f"{self.days}"


guard("duty_proof", "duty_proof_stays", "duty_proof_kept")
guard("duty_reversal", "duty_reversal_no_update")
