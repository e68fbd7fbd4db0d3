"""Turns of a rota: who hosts when, who was passed over and why, who helps, who exchanges with whom."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.hosting.models.rotas import Rota
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person

WITH_HOST = ("proposed", "invited", "accepted", "done")


class Turn(models.Model):
    """One event of the series (轮值期次): whose turn it is, and how the event goes."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("待排出")
        PROPOSED = "proposed", _("拟承办")
        INVITED = "invited", _("已发邀请")
        ACCEPTED = "accepted", _("已确认承办")
        DONE = "done", _("已举办")
        CANCELLED = "cancelled", _("已取消")

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="turns", verbose_name=_("轮值"))
    year = models.PositiveSmallIntegerField(_("年度"))
    number = models.PositiveSmallIntegerField(_("期次"))
    # The day the order reckons with; the event itself may be moved.
    planned_on = models.DateField(_("计划日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.OPEN, editable=False)
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("承办单位")
    )
    # The line of the log in which the host was drawn; its reasons are worked out from there.
    drawn_seq = models.PositiveIntegerField(null=True, editable=False)
    jumped_in = models.BooleanField(_("临时顶替"), default=False, editable=False)
    answer_by = models.DateField(_("答复期限"), null=True, blank=True)
    invited_at = models.DateTimeField(_("邀请时间"), null=True, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True, editable=False)
    title = models.CharField(_("活动名称"), max_length=120, blank=True)
    held_on = models.DateField(_("举办日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    agenda = models.TextField(_("议程"), max_length=4000, blank=True)

    class Meta:
        """By year and number; a turn with a host says so by its state."""

        ordering = ("-year", "-number", "-id")
        constraints = (
            models.UniqueConstraint(fields=("rota", "year", "number"), name="one_turn_a_number"),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_HOST) | Q(host__isnull=False), name="turn_state_and_host_agree"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(held_on__isnull=False), name="turn_done_says_when"
            ),
        )
        indexes = (models.Index(fields=("host", "state"), name="turn_by_host"),)

    def __str__(self) -> str:
        """The event's name, else year and number."""
        return self.title or f"{self.rota.name} {self.year} 年第 {self.number} 期"

    @property
    def day(self) -> str:
        """The event's day, else the planned one."""
        return (self.held_on or self.planned_on).isoformat()


class Passing(models.Model):
    """That a unit was asked and not taken for a turn, with the reason (未承办记录); its place stays."""

    class How(models.TextChoices):
        """How it came about."""

        DECLINED = "declined", _("谢绝")
        DEFERRED = "deferred", _("申请延后")
        SKIPPED = "skipped", _("本期不排")
        REPLACED = "replaced", _("临时更换")
        CANCELLED = "cancelled", _("活动取消")

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="passings", verbose_name=_("期次"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    how = models.CharField(_("情形"), max_length=10, choices=How)
    reason = models.CharField(_("理由"), max_length=200)
    # Until this day it is not asked for any turn.
    until = models.DateField(_("延后至"), null=True, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))

    class Meta:
        """In the order of time; each says why, a deferral until when."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="passing_says_why"),
            models.CheckConstraint(
                condition=Q(how="deferred", until__isnull=False) | (~Q(how="deferred") & Q(until=None)),
                name="deferral_says_until",
            ),
        )

    def __str__(self) -> str:
        """How, and why."""
        return f"{self.get_how_display()}：{self.reason}"


class CoHost(models.Model):
    """A unit that hosts a turn together with the host (联合承办), and how much that counts."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="co_hosts", verbose_name=_("期次"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    weight = models.DecimalField(_("折算"), max_digits=3, decimal_places=2)

    class Meta:
        """A unit once a turn."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("turn", "organisation"), name="one_co_host_a_turn"),
            models.CheckConstraint(condition=Q(weight__gte=0, weight__lte=1), name="co_host_weight"),
        )

    def __str__(self) -> str:
        """The unit."""
        return str(self.organisation)


class Swap(models.Model):
    """Two hosts exchange their turns (对调): one asks, the other agrees, the office confirms."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked", _("待对方同意")
        AGREED = "agreed", _("待教务确认")
        CONFIRMED = "confirmed", _("已对调")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="swaps_asked", verbose_name=_("期次"))
    other = models.ForeignKey(Turn, models.CASCADE, related_name="swaps_got", verbose_name=_("对方期次"))
    # Who hosted which when it was asked: a turn that changed hands since is not exchanged.
    host = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    other_host = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.ASKED, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True, editable=False)
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )

    class Meta:
        """The newest first; one open exchange a turn."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(turn=F("other")), name="swap_of_two_turns"),
            models.CheckConstraint(condition=~Q(reason=""), name="swap_says_why"),
            models.UniqueConstraint(
                fields=("turn",), condition=Q(state__in=("asked", "agreed")), name="one_open_swap_a_turn"
            ),
        )

    def __str__(self) -> str:
        """Which turns."""
        return f"{self.turn} ⇄ {self.other}"


class Nudge(models.Model):
    """That somebody was reminded of something of a turn at a distance from its day (提醒记录); never twice."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="nudges", verbose_name=_("期次"))
    # `answer`, `report` or `task:<number>`.
    what = models.CharField(_("事项"), max_length=20)
    due = models.DateField(_("期限"))
    days = models.SmallIntegerField(_("期限前后（天）"))
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)

    class Meta:
        """Once a thing, day and distance."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("turn", "what", "due", "days"), name="one_nudge_a_distance"),
        )

    def __str__(self) -> str:
        """What."""
        return self.what
