"""Regimes of hours, requirements and their groups, named lists, exemptions, and what was done about them."""

from keyuan.rotation.models.acts import QuotaDraw as QuotaDraw
from keyuan.rotation.models.acts import Reminder as Reminder
from keyuan.rotation.models.groups import CohortLabel as CohortLabel
from keyuan.rotation.models.groups import CohortMember as CohortMember
from keyuan.rotation.models.groups import Exemption as Exemption
from keyuan.rotation.models.groups import ListedPerson as ListedPerson
from keyuan.rotation.models.regimes import Bucket as Bucket
from keyuan.rotation.models.regimes import ClassSort as ClassSort
from keyuan.rotation.models.regimes import Regime as Regime
from keyuan.rotation.models.regimes import RegimeVersion as RegimeVersion
from keyuan.rotation.models.regimes import Span as Span
from keyuan.rotation.models.requirements import Requirement as Requirement
from keyuan.rotation.models.requirements import RequirementGroup as RequirementGroup
