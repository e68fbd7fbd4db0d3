"""What is asked of duties; the functions named here are for every room above."""

from keyuan.duty.queries.counting import counted_classes as counted_classes
from keyuan.duty.queries.counting import counted_lectures as counted_lectures
from keyuan.duty.queries.states import outstanding as outstanding
from keyuan.duty.queries.states import with_states as with_states
