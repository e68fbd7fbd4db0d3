"""Schools and organisations, and the names they carried when."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class School(models.Model):
    """A school of the academy (分校/校区): the tenant every row of work belongs to."""

    code = models.SlugField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    second_name = models.CharField(_("第二块牌子"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )

    class Meta:
        """The province first."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Organisation(models.Model):
    """A unit that leads, nominates or hosts (单位): department, city association, society, partner."""

    class Kind(models.TextChoices):
        """What kind of unit it is."""

        ASSOCIATION = "association", _("科协")
        DEPARTMENT = "department", _("机关部室")
        AFFILIATE = "affiliate", _("直属单位")
        CITY_ASSOCIATION = "city_association", _("市级科协")
        SOCIETY = "society", _("省级学会")
        SCHOOL = "school", _("党校")
        THINK_TANK = "think_tank", _("智库")
        PARTNER = "partner", _("合作单位")
        PARTNER_PLATFORM = "partner_platform", _("合作平台")

    class Certainty(models.TextChoices):
        """How sure the list is of this name."""

        CERTAIN = "certain", _("确定")
        SEED = "seed", _("建设方案所载")
        FOUND = "found", _("公开资料可见")
        HIGH = "recalled-high", _("较确定，待核")
        MEDIUM = "recalled-medium", _("待核")
        LOW = "recalled-low", _("存疑，待核")
        OFFICE = "office", _("本校录入")

    school = models.ForeignKey(School, models.PROTECT, related_name="organisations", verbose_name=_("分校"))
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    field_or_region = models.CharField(_("学科或片区"), max_length=20, blank=True)
    city_code = models.CharField(_("行政区划代码"), max_length=6, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    order = models.PositiveIntegerField(_("次序"), default=0)
    certainty = models.CharField(_("核实情况"), max_length=20, choices=Certainty, default=Certainty.OFFICE)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """In the official order within a kind; a name stands once in a school."""

        ordering = ("kind", "order", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "name"), name="one_organisation_a_name"),
            models.UniqueConstraint(
                fields=("school", "credit_code"),
                condition=~models.Q(credit_code=""),
                name="one_organisation_a_credit_code",
            ),
        )
        indexes = (models.Index(fields=("school", "kind", "order"), name="organisation_in_order"),)

    def __str__(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class OrganisationName(models.Model):
    """A name an organisation carried until a day (曾用名); issued papers keep the name of their time."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=80)
    # The first day of the next name: on it this one holds no more.
    until = models.DateField(_("用至"))
    basis = models.CharField(_("更名依据"), max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-until", "-id")
        indexes = (models.Index(fields=("organisation", "until"), name="organisation_name_until"),)

    def __str__(self) -> str:
        """The former name."""
        return self.name
