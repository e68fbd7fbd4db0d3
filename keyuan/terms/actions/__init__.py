"""What is done with posts and terms; the functions named here are for every room above."""

from keyuan.terms.actions.posts import load_defaults as load_defaults
from keyuan.terms.actions.posts import rename_post as rename_post
from keyuan.terms.actions.posts import save_post as save_post
from keyuan.terms.actions.posts import set_rule as set_rule
from keyuan.terms.actions.terms import TermFacts as TermFacts
from keyuan.terms.actions.terms import correct as correct
from keyuan.terms.actions.terms import elect as elect
from keyuan.terms.actions.terms import end as end
from keyuan.terms.actions.terms import enter as enter
from keyuan.terms.actions.terms import extend as extend
from keyuan.terms.actions.terms import leave_vacant as leave_vacant
from keyuan.terms.actions.terms import let_act as let_act
from keyuan.terms.actions.terms import replace as replace
from keyuan.terms.actions.undoing import undo as undo
