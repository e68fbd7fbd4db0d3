"""Certificates asked for, issued and revoked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.credits.models.ledger import Lot


class CertificateTemplate(models.Model):
    """How a school's certificates are worded and laid (证书模板): title, text with fields, seal and its place.

    Lengths are millimetres from the upper left corner. What was issued stays as it was printed.
    """

    school = models.ForeignKey(
        "orgs.School", models.PROTECT, related_name="certificate_templates", verbose_name=_("分校")
    )
    name = models.CharField(_("模板名称"), max_length=40)
    heading = models.CharField(_("证书标题"), max_length=16)
    text = models.TextField(_("正文"), max_length=600)
    upright = models.BooleanField(_("竖版"), default=False)
    seal_x = models.PositiveSmallIntegerField(_("印章左边"), default=205)
    seal_y = models.PositiveSmallIntegerField(_("印章上边"), default=142)
    seal_side = models.PositiveSmallIntegerField(_("印章边长"), default=42)
    is_default = models.BooleanField(_("默认"), default=False)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """A name a template; one default a school, and that one in use."""

        ordering = ("-is_default", "pk")
        constraints = (
            models.UniqueConstraint(fields=("school", "name"), name="one_template_a_name"),
            models.UniqueConstraint(
                fields=("school",), condition=models.Q(is_default=True), name="one_default_template"
            ),
            models.CheckConstraint(
                condition=models.Q(is_default=False) | models.Q(active=True),
                name="default_template_in_use",
            ),
            models.CheckConstraint(
                condition=models.Q(seal_side__gte=10, seal_side__lte=80), name="template_seal_of_a_size"
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Certificate(models.Model):
    """A certificate of completion for one person (结业证书), printed as an issued paper with number and code.

    `owner_label` and `owner_id` name what it was earned in; this room need not know what that is.
    The words on it are frozen here when it is asked for.
    """

    class State(models.TextChoices):
        """Its life."""

        REQUESTED = "requested", _("待签发")
        ISSUED = "issued", _("有效")
        REVOKED = "revoked", _("已作废")
        WITHDRAWN = "withdrawn", _("已撤回")

    LIVE = (State.REQUESTED, State.ISSUED)

    school = models.ForeignKey(
        "orgs.School", models.PROTECT, related_name="certificates", verbose_name=_("分校")
    )
    person = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="certificates", verbose_name=_("持证人")
    )
    owner_label = models.CharField(_("所属类型"), max_length=80)
    owner_id = models.BigIntegerField(_("所属编号"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("一笔学时")
    )
    template = models.ForeignKey(
        CertificateTemplate, models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("证书模板")
    )  # fmt: skip
    holder_name = models.CharField(_("姓名"), max_length=80)
    organisation_name = models.CharField(_("单位"), max_length=120, blank=True)
    title = models.CharField(_("班次名称"), max_length=200)
    hours = models.DecimalField(_("学时"), max_digits=7, decimal_places=2)
    starts = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"))
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.REQUESTED)
    number = models.CharField(_("证书编号"), max_length=60, blank=True)
    paper_id = models.BigIntegerField(_("文书"), null=True, blank=True, unique=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("重发自")
    )
    requested_at = models.DateTimeField(_("申请时间"))
    issued_at = models.DateTimeField(_("签发时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    reason = models.CharField(_("作废理由"), max_length=200, blank=True)

    class Meta:
        """The newest first; a person holds one live certificate of one owner."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("owner_label", "owner_id", "person"),
                condition=models.Q(state__in=("requested", "issued")),
                name="one_live_certificate",
            ),
            models.UniqueConstraint(
                fields=("school", "number"), condition=~models.Q(number=""), name="one_certificate_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("requested", "withdrawn"), number="", paper_id=None)
                | (models.Q(state__in=("issued", "revoked"), paper_id__isnull=False) & ~models.Q(number="")),
                name="certificate_paper_by_state",
            ),
            models.CheckConstraint(condition=models.Q(hours__gte=0), name="certificate_hours_not_negative"),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="certificate_days_in_order"
            ),
        )
        indexes = (
            models.Index(fields=("school", "state", "-id"), name="certificate_by_school"),
            models.Index(fields=("owner_label", "owner_id", "state"), name="certificate_by_owner"),
        )

    def __str__(self) -> str:
        """Its number, or that it has none yet."""
        return self.number or str(self.State(self.state).label)
