"""What holds of terms: who sees and keeps them, how long they last, what they start with."""

from keyuan.terms.rules.access import SEERS as SEERS
from keyuan.terms.rules.defaults import POSTS as POSTS
from keyuan.terms.rules.defaults import RULES as RULES
from keyuan.terms.rules.lengths import added_months as added_months
from keyuan.terms.rules.lengths import last_day as last_day
