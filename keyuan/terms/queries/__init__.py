"""What is asked of posts and terms; the functions named here are for every room above."""

from keyuan.terms.queries.standing import current_terms as current_terms
from keyuan.terms.queries.standing import ending_between as ending_between
from keyuan.terms.queries.standing import holder_of as holder_of
from keyuan.terms.queries.standing import in_force as in_force
from keyuan.terms.queries.standing import live as live
from keyuan.terms.queries.standing import on_day as on_day
from keyuan.terms.queries.standing import rule_on as rule_on
from keyuan.terms.queries.standing import term_of as term_of
