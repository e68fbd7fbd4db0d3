"""Sittings, who is expected at them, who came, and who was on leave."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Half(models.TextChoices):
    """The half-day a sitting lies in (半天): presence is signed by half-days."""

    MORNING = "am", _("上午")
    AFTERNOON = "pm", _("下午")
    EVENING = "ev", _("晚上")


class Policy(models.Model):
    """The attendance rules of a school from a day on (考勤规定).

    The line for leave is 1/7 of all hours (干部教育培训工作条例 2023, art. 15); everything here may be set
    anew from a date, and what was judged before keeps its own rule.
    """

    school = models.ForeignKey("orgs.School", models.PROTECT, related_name="+", verbose_name=_("分校"))
    starts = models.DateField(_("起始日期"))
    opens_before = models.PositiveSmallIntegerField(_("提前开放签到（分钟）"), default=60)
    late_after = models.PositiveSmallIntegerField(_("开始后多少分钟算迟到"), default=5)
    closes_after = models.PositiveSmallIntegerField(
        _("开始后多少分钟停止签到"), null=True, blank=True, help_text=_("留空则到课次结束为止")
    )
    leave_limit = models.DecimalField(_("请假上限占比"), max_digits=7, decimal_places=6, default="0.142857")
    leave_warning = models.DecimalField(_("请假提醒占比"), max_digits=7, decimal_places=6, default="0.1")
    online_share = models.DecimalField(
        _("线上参会达到多少算到课"), max_digits=4, decimal_places=3, default="0.8"
    )
    claim_days = models.PositiveSmallIntegerField(_("补签申报受理天数"), default=7)
    absent_flag = models.PositiveSmallIntegerField(_("缺勤达到多少个半天提请教务处理"), default=2)

    class Meta:
        """The newest first; one a school and day."""

        ordering = ("-starts",)
        constraints = (
            models.UniqueConstraint(fields=("school", "starts"), name="one_attendance_policy_a_day"),
            models.CheckConstraint(
                condition=Q(leave_warning__gte=0, leave_warning__lte=F("leave_limit"), leave_limit__lte=1),
                name="attendance_policy_in_order",
            ),
            models.CheckConstraint(
                condition=Q(online_share__gt=0, online_share__lte=1), name="online_share_is_a_share"
            ),
            models.CheckConstraint(condition=Q(absent_flag__gte=1), name="absence_is_flagged_from_one_on"),
        )

    def __str__(self) -> str:
        """Since when."""
        return f"{self.starts}"


class LeaveTier(models.Model):
    """Who decides a leave of up to so many half-days (请假审批层级)."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="tiers", verbose_name=_("考勤规定"))
    up_to = models.PositiveSmallIntegerField(_("不超过（半天数）"), null=True, blank=True)
    role = models.CharField(_("审批人"), max_length=20)

    class Meta:
        """The shortest first; the open-ended tier last."""

        ordering = (F("up_to").asc(nulls_last=True),)
        constraints = (
            models.UniqueConstraint(fields=("policy", "up_to"), name="one_leave_tier_a_length"),
            # SQL holds two empty lengths for different; only one tier may be open-ended.
            models.UniqueConstraint(
                fields=("policy",), condition=Q(up_to__isnull=True), name="one_open_ended_leave_tier"
            ),
        )

    def __str__(self) -> str:
        """Length and role."""
        return f"{self.up_to} {self.role}"


class Sitting(models.Model):
    """One time that people sit together and sign in (签到单元), belonging to whatever owner planned it.

    The owner is a label such as `training.class` and a number: the rooms above own the thing itself.
    """

    class State(models.TextChoices):
        """Whether it takes place."""

        PLANNED = "planned", _("正常")
        CANCELLED = "cancelled", _("已取消")

    school = models.ForeignKey("orgs.School", models.PROTECT, related_name="+", verbose_name=_("分校"))
    owner_label = models.CharField(_("所属类型"), max_length=40)
    owner_id = models.BigIntegerField(_("所属编号"))
    key = models.CharField(_("来源键"), max_length=40)
    title = models.CharField(_("内容"), max_length=120)
    date = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    starts = models.DateTimeField(_("开始"))
    ends = models.DateTimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=2)
    order = models.PositiveIntegerField(_("次序"), default=0)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)

    class Meta:
        """In the order of time; planning the same thing again finds the same sitting."""

        ordering = ("starts", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=("owner_label", "owner_id", "key"), name="one_sitting_a_key"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="sitting_ends_after_start"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="sitting_hours_not_negative"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "cancelled")), name="sitting_state_known"
            ),
        )
        indexes = (models.Index(fields=("school", "date"), name="sitting_by_day"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Expected(models.Model):
    """One person expected at one sitting (应到): what every check-in and leave hangs on."""

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="expected", verbose_name=_("签到单元"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("学员"))

    class Meta:
        """A person is expected once."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("sitting", "person"), name="expected_once"),)
        indexes = (models.Index(fields=("person", "sitting"), name="expected_by_person"),)

    def __str__(self) -> str:
        """Who and where."""
        return f"{self.person_id}@{self.sitting_id}"


class CheckIn(models.Model):
    """What is known of one person at one sitting (签到): came, came late, or was found absent."""

    class How(models.TextChoices):
        """How it became known."""

        QR = "qr", _("扫现场码")
        CODE = "code", _("出示本人码")
        LIST = "list", _("点名")
        PAPER = "paper", _("纸质签到表")
        SELF = "self", _("补签申报")
        ONLINE = "online", _("线上参会")

    class Verdict(models.TextChoices):
        """What it comes to."""

        PRESENT = "present", _("已到")
        LATE = "late", _("迟到")
        ABSENT = "absent", _("缺勤")

    expected = models.OneToOneField(Expected, models.PROTECT, related_name="checkin", verbose_name=_("应到"))
    verdict = models.CharField(_("结果"), max_length=8, choices=Verdict)
    at = models.DateTimeField(_("到场时间"))
    recorded = models.DateTimeField(_("登记时间"))
    how = models.CharField(_("方式"), max_length=6, choices=How)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )

    class Meta:
        """One line a person and sitting, by its one-to-one key."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(verdict__in=("present", "late", "absent")), name="checkin_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(how__in=("qr", "code", "list", "paper", "self", "online")),
                name="checkin_how_known",
            ),
        )

    def __str__(self) -> str:
        """The verdict."""
        return self.get_verdict_display()


class Claim(models.Model):
    """A person's own word that they were there though no check-in shows it (补签申报)."""

    class State(models.TextChoices):
        """Where it stands."""

        SUBMITTED = "submitted", _("待核实")
        ACCEPTED = "accepted", _("已认可")
        REFUSED = "refused", _("未认可")

    expected = models.ForeignKey(Expected, models.PROTECT, related_name="claims", verbose_name=_("应到"))
    stated_at = models.DateTimeField(_("自述到场时间"))
    made_at = models.DateTimeField(_("申报时间"))
    reason = models.CharField(_("说明"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SUBMITTED)

    class Meta:
        """One claim waits at a time."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("expected",), condition=Q(state="submitted"), name="one_waiting_claim"
            ),
        )

    def __str__(self) -> str:
        """The reason."""
        return self.reason


class Leave(models.Model):
    """A request to stay away from some sittings (请假) and what became of it."""

    class State(models.TextChoices):
        """Where it stands."""

        REQUESTED = "requested", _("待审批")
        APPROVED = "approved", _("已批准")
        DECLINED = "declined", _("未批准")
        CANCELLED = "cancelled", _("已撤回")
        ENDED = "ended", _("已销假")

    school = models.ForeignKey("orgs.School", models.PROTECT, related_name="+", verbose_name=_("分校"))
    owner_label = models.CharField(_("所属类型"), max_length=40)
    owner_id = models.BigIntegerField(_("所属编号"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("学员"))
    reason = models.CharField(_("事由"), max_length=200)
    half_days = models.PositiveSmallIntegerField(_("半天数"))
    approver_role = models.CharField(_("审批人"), max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("申请时间"))

    class Meta:
        """The newest first."""

        ordering = ("-requested_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("requested", "approved", "declined", "cancelled", "ended")),
                name="leave_state_known",
            ),
            models.CheckConstraint(condition=Q(half_days__gte=1), name="leave_has_length"),
        )
        indexes = (
            models.Index(fields=("owner_label", "owner_id", "state"), name="leave_by_owner"),
            models.Index(fields=("school", "state"), name="leave_by_state"),
        )

    def __str__(self) -> str:
        """The reason."""
        return self.reason


class LeaveSitting(models.Model):
    """One sitting that a leave covers (请假课次); `live` falls when the leave is refused, withdrawn or ended early."""

    leave = models.ForeignKey(Leave, models.CASCADE, related_name="sittings", verbose_name=_("请假"))
    expected = models.ForeignKey(Expected, models.PROTECT, related_name="leaves", verbose_name=_("应到"))
    live = models.BooleanField(_("有效"), default=True)

    class Meta:
        """A person asks for a sitting once at a time."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("expected",), condition=Q(live=True), name="one_live_leave_a_sitting"
            ),
        )

    def __str__(self) -> str:
        """Which."""
        return f"{self.leave_id}/{self.expected_id}"
