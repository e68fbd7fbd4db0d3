"""What the rooms below ask of this one: a tab on each class, who takes its files, what goes at archiving."""

from django.utils.translation import gettext_lazy as _

from keyuan.kernel import files
from keyuan.kernel.access import can
from keyuan.logistics.actions.purging import OWNER, forget_class
from keyuan.logistics.queries.held import held_of
from keyuan.logistics.rules.access import handbooks_i_see
from keyuan.people import actions as people
from keyuan.training.actions import life
from keyuan.training.queries import classes

classes.tab("logistics/", _("会务"), lambda actor, klass: can(actor, "logistics.see", klass))
files.owner(OWNER, handbooks_i_see)
people.exports("会务", held_of)
life.at_archiving(forget_class)
