"""What is done with duties: opened, planned, proven, claimed, waived, reminded of; the rooms above enter here."""

from keyuan.duty.actions import writing as writing
from keyuan.duty.actions.inviting import invite as invite
from keyuan.duty.actions.inviting import invite_all as invite_all
from keyuan.duty.actions.laying_down import end_counting as end_counting
from keyuan.duty.actions.laying_down import load_defaults as load_defaults
from keyuan.duty.actions.laying_down import set_counting as set_counting
from keyuan.duty.actions.laying_down import set_owed as set_owed
from keyuan.duty.actions.laying_down import set_reminders as set_reminders
from keyuan.duty.actions.opening import open_duties as open_duties
from keyuan.duty.actions.planning import answer as answer
from keyuan.duty.actions.planning import cancel as cancel
from keyuan.duty.actions.planning import plan as plan
from keyuan.duty.actions.proving import claim as claim
from keyuan.duty.actions.proving import decide as decide
from keyuan.duty.actions.proving import prove as prove
from keyuan.duty.actions.proving import recompute as recompute
from keyuan.duty.actions.proving import reverse as reverse
from keyuan.duty.actions.proving import withdraw_claim as withdraw_claim
from keyuan.duty.actions.reminding import remind as remind
from keyuan.duty.actions.waiving import revoke as revoke
from keyuan.duty.actions.waiving import waive as waive
