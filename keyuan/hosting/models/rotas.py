"""A rota, who takes part, what was laid down for it from when, and the log its order is worked out from."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity


class Rota(models.Model):
    """A series of events that units host by turns (承办轮值)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    name = models.CharField(_("轮值名称"), max_length=80)
    activity = models.ForeignKey(
        KeyActivity, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("重点活动")
    )
    kind = models.CharField(
        _("参加单位"), max_length=20, choices=Organisation.Kind, default=Organisation.Kind.SOCIETY
    )
    per_year = models.PositiveSmallIntegerField(_("每年期数"), default=6)
    # Published: with it anybody reckons the lots again.
    seed = models.CharField(_("抽签种子"), max_length=64)
    seed_source = models.CharField(_("种子来源"), max_length=120, blank=True)
    opened_on = models.DateField(_("起始日期"))
    answer_days = models.PositiveSmallIntegerField(_("邀请答复天数"), default=10)
    report_days = models.PositiveSmallIntegerField(_("活动后报送总结天数"), default=15)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """By name within a school."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("school", "name"), name="one_rota_a_name"),
            models.CheckConstraint(condition=~Q(seed=""), name="rota_has_a_seed"),
            models.CheckConstraint(condition=Q(per_year__gte=1, per_year__lte=52), name="rota_some_a_year"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class RotaRule(models.Model):
    """What holds of a rota from a day on (轮值规定): how co-hosts and stand-ins count, the balance, 换届."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="rules", verbose_name=_("轮值"))
    since = models.DateField(_("起用日期"))
    co_host = models.DecimalField(_("联合承办折算"), max_digits=3, decimal_places=2, default=Decimal("0.5"))
    jump_in = models.DecimalField(_("临时顶替折算"), max_digits=3, decimal_places=2, default=Decimal("1.5"))
    window = models.PositiveSmallIntegerField(_("学科平衡期数"), default=12)
    tolerance = models.PositiveSmallIntegerField(_("学科平衡容差"), default=1)
    term_months = models.PositiveSmallIntegerField(_("届满前多少个月免排"), default=6)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        """The newest first; one a day."""

        ordering = ("-since",)
        constraints = (
            models.UniqueConstraint(fields=("rota", "since"), name="one_rota_rule_a_day"),
            models.CheckConstraint(
                condition=Q(co_host__gte=0, co_host__lte=1, jump_in__gte=1, jump_in__lte=2),
                name="rota_rule_weights",
            ),
            models.CheckConstraint(
                condition=Q(window__lte=100, tolerance__lte=10, term_months__lte=24),
                name="rota_rule_sensible",
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="rota_rule_has_a_basis"),
        )

    def __str__(self) -> str:
        """From when."""
        return f"{self.since:%Y-%m-%d}"


class Member(models.Model):
    """A unit's part in a rota (轮值单位): its field, since when, until when."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="members", verbose_name=_("轮值"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    field = models.CharField(_("学科"), max_length=20)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True, blank=True)

    class Meta:
        """As they joined; a unit once a rota."""

        ordering = ("joined_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("rota", "organisation"), name="one_member_a_rota"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="member_leaves_after_joining"
            ),
        )

    def __str__(self) -> str:
        """The unit."""
        return str(self.organisation)


class Exemption(models.Model):
    """A span of days in which a unit is not asked, with the reason (免排); it loses no place by it."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="exemptions", verbose_name=_("单位"))
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"))
    reason = models.CharField(_("理由"), max_length=200)
    given_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="hosting_exempt_span"),
            models.CheckConstraint(condition=~Q(reason=""), name="hosting_exempt_says_why"),
        )

    def __str__(self) -> str:
        """Why."""
        return self.reason


class LogEntry(models.Model):
    """One line of a rota's log (轮值日志), append-only: the order is what the rule makes of these lines.

    `facts` hold numbers of units and turns, days and figures, never names or persons.
    """

    class Kind(models.TextChoices):
        """What happened."""

        JOIN = "join", _("加入")
        LEAVE = "leave", _("退出")
        FIELD = "field", _("学科更正")
        PAST = "past", _("补录历史")
        DRAW = "draw", _("排出")
        JUMP = "jump", _("临时顶替")
        FREE = "free", _("退回")
        HELP = "help", _("联合承办")
        UNHELP = "unhelp", _("取消联合承办")
        SWAP = "swap", _("对调")
        DONE = "done", _("已举办")

    rota = models.ForeignKey(Rota, models.PROTECT, related_name="log", verbose_name=_("轮值"))
    seq = models.PositiveIntegerField(_("序号"))
    kind = models.CharField(_("事项"), max_length=8, choices=Kind)
    facts = models.JSONField(_("内容"))
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))

    class Meta:
        """In its order; no number twice."""

        ordering = ("rota", "seq")
        constraints = (models.UniqueConstraint(fields=("rota", "seq"), name="one_log_line_a_number"),)

    def __str__(self) -> str:
        """Its number and what happened."""
        return f"{self.seq} {self.get_kind_display()}"


triggers.guard("hosting_logentry", "hosting_logentry_no_update")
