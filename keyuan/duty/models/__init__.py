"""What a school has laid down about duties, and the duties themselves with what was planned, proven and waived."""

from keyuan.duty.models.duties import Duty as Duty
from keyuan.duty.models.duties import DutyClaim as DutyClaim
from keyuan.duty.models.duties import DutyPlan as DutyPlan
from keyuan.duty.models.duties import Exemption as Exemption
from keyuan.duty.models.duties import Proof as Proof
from keyuan.duty.models.duties import Reminder as Reminder
from keyuan.duty.models.duties import Reversal as Reversal
from keyuan.duty.models.laid_down import CountingRule as CountingRule
from keyuan.duty.models.laid_down import DutyRule as DutyRule
from keyuan.duty.models.laid_down import Kind as Kind
from keyuan.duty.models.laid_down import ReminderRule as ReminderRule
from keyuan.duty.models.seasons import Acceptance as Acceptance
from keyuan.duty.models.seasons import AcceptedLine as AcceptedLine
from keyuan.duty.models.seasons import Expertise as Expertise
from keyuan.duty.models.seasons import Proposal as Proposal
from keyuan.duty.models.seasons import Season as Season
from keyuan.duty.models.seasons import SeasonClass as SeasonClass
from keyuan.duty.models.seasons import SeasonSlot as SeasonSlot
from keyuan.duty.models.seasons import Theme as Theme
