"""What teachers are paid: their rank, their account, and one slip a class."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass


class TeacherRank(models.Model):
    """The rank by which a teacher is paid (师资职称等级), asked once a person."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="teacher_rank", verbose_name=_("主讲"))
    rank = models.CharField(_("职称等级"), max_length=30)
    evidence = models.CharField(_("依据"), max_length=100, blank=True)
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    set_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        """Person and rank."""
        return f"{self.person} {self.rank}"


class PayAccount(models.Model):
    """The bank account a teacher is paid into (收款账户); its number is sealed."""

    # What the sealed number is bound to, so that moved to another row it does not open.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(
        Person, models.CASCADE, related_name="pay_account", verbose_name=_("收款人")
    )
    bank = models.CharField(_("开户银行（写到支行）"), max_length=80)
    number_sealed = models.TextField(_("账号"))
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        """Whose it is."""
        return str(self.person)


class LectureFee(models.Model):
    """What one teacher gets for one class (讲课费签收单)."""

    class State(models.TextChoices):
        """From the office's reckoning to the money on the account."""

        DRAFT = "draft", _("待发出")
        SENT = "sent", _("待老师签收")
        QUERIED = "queried", _("老师有疑问")
        SIGNED = "signed", _("已签收，待支付")
        PAID = "paid", _("已支付")

    class How(models.TextChoices):
        """How it was signed."""

        PHONE = "phone", _("手机签收")
        PAPER = "paper", _("纸质签收")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+", editable=False)
    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="lecture_fees", verbose_name=_("班次")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="lecture_fees", verbose_name=_("主讲"))
    month = models.DateField(_("发放月份"), help_text=_("当月第一天"))
    rank = models.CharField(_("职称等级"), max_length=30, blank=True)
    rate = models.DecimalField(_("税后元/学时"), max_digits=8, decimal_places=2, default=Decimal(0))
    hours = models.DecimalField(_("计酬学时"), max_digits=6, decimal_places=1, default=Decimal(0))
    net = models.DecimalField(_("税后金额"), max_digits=12, decimal_places=2, default=Decimal(0))
    gross = models.DecimalField(_("税前金额"), max_digits=12, decimal_places=2, default=Decimal(0))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, editable=False)
    signed_at = models.DateTimeField(_("签收时间"), null=True, editable=False)
    signed_how = models.CharField(_("签收方式"), max_length=5, choices=How, blank=True, editable=False)
    paid_on = models.DateField(_("支付日期"), null=True, editable=False)

    class Meta:
        """One a teacher and class."""

        ordering = ("training_class_id", "id")
        constraints = (
            models.UniqueConstraint(fields=("training_class", "person"), name="one_lecture_fee_a_class"),
            models.CheckConstraint(
                condition=Q(net__gte=0, gross__gte=models.F("net")), name="lecture_fee_gross_covers_net"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False),
                name="lecture_fee_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "paid"]) | Q(signed_at__isnull=False),
                name="lecture_fee_signed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "queried", "signed", "paid"]),
                name="lecture_fee_state_known",
            ),
        )
        indexes = (models.Index(fields=("school", "month", "person"), name="lecture_fee_by_payee"),)

    def __str__(self) -> str:
        """Teacher and class."""
        return f"{self.person} · {self.training_class}"

    @property
    def tax(self) -> Decimal:
        """What is withheld: the gross less what the teacher is promised."""
        return self.gross - self.net


# In these states the figures are fixed and count towards the payee's month.
FIXED = ("sent", "queried", "signed", "paid")


class LectureFeeLine(models.Model):
    """One session on a slip (讲课费明细): held so many hours, counted so many."""

    fee = models.ForeignKey(LectureFee, models.CASCADE, related_name="lines", verbose_name=_("签收单"))
    session = models.OneToOneField(
        Session, models.SET_NULL, null=True, related_name="fee_line", verbose_name=_("课次")
    )
    title = models.CharField(_("内容"), max_length=120)
    date = models.DateField(_("日期"))
    held = models.DecimalField(_("课表学时"), max_digits=4, decimal_places=1)
    counted = models.DecimalField(_("计酬学时"), max_digits=4, decimal_places=1)
    note = models.CharField(_("说明"), max_length=120, blank=True)

    class Meta:
        """A session is paid once."""

        ordering = ("date", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(counted__gte=0, counted__lte=models.F("held")),
                name="fee_line_counts_at_most_held",
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title
