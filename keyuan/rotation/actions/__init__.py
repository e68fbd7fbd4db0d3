"""Every write of the room."""

from keyuan.rotation.actions.drawing import draw_quota as draw_quota
from keyuan.rotation.actions.drawing import undo_draw as undo_draw
from keyuan.rotation.actions.laying_down import GroupFacts as GroupFacts
from keyuan.rotation.actions.laying_down import add_regime as add_regime
from keyuan.rotation.actions.laying_down import add_version as add_version
from keyuan.rotation.actions.laying_down import load_defaults as load_defaults
from keyuan.rotation.actions.laying_down import save_requirement as save_requirement
from keyuan.rotation.actions.laying_down import sort_class as sort_class
from keyuan.rotation.actions.naming import add_label as add_label
from keyuan.rotation.actions.naming import exempt as exempt
from keyuan.rotation.actions.naming import label_person as label_person
from keyuan.rotation.actions.naming import list_person as list_person
from keyuan.rotation.actions.naming import revoke_exemption as revoke_exemption
from keyuan.rotation.actions.naming import take_off as take_off
from keyuan.rotation.actions.naming import unlabel as unlabel
from keyuan.rotation.actions.reminding import remind as remind
