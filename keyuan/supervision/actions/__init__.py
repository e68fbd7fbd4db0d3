"""What is done with items; the functions named here are for every room above."""

from keyuan.supervision.actions.items import ItemFacts as ItemFacts
from keyuan.supervision.actions.items import change_item as change_item
from keyuan.supervision.actions.items import issue_many as issue_many
from keyuan.supervision.actions.items import open_item as open_item
from keyuan.supervision.actions.items import open_items as open_items
from keyuan.supervision.actions.moving import move_item as move_item
from keyuan.supervision.actions.moving import receive_many as receive_many
from keyuan.supervision.actions.moving import verify as verify
from keyuan.supervision.actions.postponing import POSTPONABLE as POSTPONABLE
from keyuan.supervision.actions.postponing import ask_postponement as ask_postponement
from keyuan.supervision.actions.postponing import decide_postponement as decide_postponement
from keyuan.supervision.actions.postponing import postpone as postpone
from keyuan.supervision.actions.watching import climb as climb
from keyuan.supervision.actions.watching import make_digests as make_digests
from keyuan.supervision.actions.watching import remind_many as remind_many
from keyuan.supervision.actions.watching import set_ladder as set_ladder
from keyuan.supervision.actions.working import WORKED_ON as WORKED_ON
from keyuan.supervision.actions.working import add_file as add_file
from keyuan.supervision.actions.working import add_reference as add_reference
from keyuan.supervision.actions.working import drop_evidence as drop_evidence
from keyuan.supervision.actions.working import report as report
