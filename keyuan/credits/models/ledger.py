"""The ledger: accounts, lots, postings, their balances, and the dated rules of what an hour is.

Lots and postings are append-only and balances follow them; the database's own triggers hold both
(migration 0002), so that raw SQL cannot pass either.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers


class Scheme(models.TextChoices):
    """Under what count an hour is banked (学时类别)."""

    CADRE = "cadre", _("干部教育培训学时")


class LedgerHead(models.Model):
    """The end of the chain; its row is the lock under which the next posting is written."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        """There is one head."""

        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_ledger_head"),)

    def __str__(self) -> str:
        """The number of the last posting."""
        return str(self.seq)


class HourRule(models.Model):
    """What an hour of study is under a scheme from a day on (学时折算规则)."""

    scheme = models.CharField(_("学时类别"), max_length=20, choices=Scheme, default=Scheme.CADRE)
    starts = models.DateField(_("起用日期"))
    minutes_an_hour = models.PositiveSmallIntegerField(_("每学时分钟数"), default=45)
    hours_a_half_day = models.DecimalField(_("半天至多学时"), max_digits=4, decimal_places=2, default=4)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """The newest first; one rule a scheme and day."""

        ordering = ("scheme", "-starts")
        constraints = (
            models.UniqueConstraint(fields=("scheme", "starts"), name="one_hour_rule_a_day"),
            models.CheckConstraint(
                condition=models.Q(minutes_an_hour__gt=0, hours_a_half_day__gt=0), name="hour_rule_positive"
            ),
        )

    def __str__(self) -> str:
        """The scheme and its first day."""
        return f"{self.get_scheme_display()} {self.starts}"


class LedgerAccount(models.Model):
    """What one person has banked with one school (学时账户)."""

    school = models.ForeignKey(
        "orgs.School", models.PROTECT, related_name="ledger_accounts", verbose_name=_("分校")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="ledger_accounts", verbose_name=_("人员")
    )

    class Meta:
        """One account a person and school."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("school", "person"), name="one_account_a_person"),)

    def __str__(self) -> str:
        """Its number; the name belongs to the person."""
        return f"#{self.pk}"


class Lot(models.Model):
    """One earning as it happened (一笔学时): when, from what, the raw minutes and half-days, the title of its time.

    `source` names what earned it, such as `training.completion:123`; a lot that was reversed may be
    followed by the next `version` of the same source, never by a second live one.
    """

    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="lots", verbose_name=_("账户"))
    source = models.CharField(_("来源"), max_length=120)
    version = models.PositiveIntegerField(_("第几次"), default=1)
    earned_on = models.DateField(_("取得日期"))
    raw_minutes = models.PositiveIntegerField(_("分钟"), default=0)
    half_days = models.PositiveSmallIntegerField(_("半天数"), default=0)
    hours = models.DecimalField(_("申报学时"), max_digits=7, decimal_places=2)
    title = models.CharField(_("名称"), max_length=200)
    evidence = models.JSONField(_("凭据"), default=dict)
    entered_at = models.DateTimeField(_("入账时间"))

    class Meta:
        """One lot a source and version."""

        ordering = ("-earned_on", "-id")
        constraints = (
            models.UniqueConstraint(fields=("source", "version"), name="one_lot_a_version"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="lot_version_from_one"),
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="lot_hours_positive"),
        )
        indexes = (models.Index(fields=("account", "-earned_on"), name="lot_by_account"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Posting(models.Model):
    """One line of the ledger (记账): so many hours of a lot under a scheme, or the counter-entry of such a line."""

    class Kind(models.TextChoices):
        """Why the line stands."""

        EARN = "earn", _("入账")
        COUNTER = "counter", _("冲销")

    seq = models.BigIntegerField(_("序号"), unique=True)
    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="postings", verbose_name=_("账户")
    )
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="postings", verbose_name=_("一笔学时"))
    scheme = models.CharField(_("学时类别"), max_length=20, choices=Scheme)
    kind = models.CharField(_("种类"), max_length=10, choices=Kind)
    amount = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    counter_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="countered_by",
        verbose_name=_("冲销的记录"),
    )
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    previous = models.CharField(_("上一条摘要"), max_length=64, unique=True)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)

    class Meta:
        """In the order of writing, which is not that of the clock."""

        ordering = ("seq",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="earn", amount__gt=0, counter_of=None)
                | models.Q(kind="counter", amount__lt=0, counter_of__isnull=False),
                name="posting_sign_by_kind",
            ),
            models.UniqueConstraint(
                fields=("lot", "scheme"), condition=models.Q(kind="earn"), name="one_earning_a_lot_and_scheme"
            ),
        )
        indexes = (models.Index(fields=("account", "scheme"), name="posting_by_account"),)

    def __str__(self) -> str:
        """The amount with its sign."""
        return f"{self.amount:+}"


class Balance(models.Model):
    """What an account holds under a scheme (余额): always the sum of its postings, never below nought."""

    account = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="balances", verbose_name=_("账户")
    )
    scheme = models.CharField(_("学时类别"), max_length=20, choices=Scheme)
    amount = models.DecimalField(_("学时"), max_digits=9, decimal_places=2)

    class Meta:
        """One row an account and scheme, written by the postings' trigger alone."""

        constraints = (
            models.UniqueConstraint(fields=("account", "scheme"), name="one_balance_a_scheme"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="balance_not_negative"),
        )

    def __str__(self) -> str:
        """The amount."""
        return str(self.amount)


triggers.guard("credits_ledgeraccount", "credits_ledgeraccount_no_update")
triggers.guard("credits_lot", "credits_lot_no_update", "credits_lot_follows")
triggers.guard("credits_posting", "credits_posting_no_update", "credits_posting_fits", "credits_posting_pays")
triggers.guard("credits_balance", "credits_balance_is_sum", "credits_balance_stays")
