"""What holds of items whoever asks: rights, lights, stages and the ladder."""

from keyuan.supervision.rules.access import FOR_A_UNIT as FOR_A_UNIT
from keyuan.supervision.rules.access import SEERS as SEERS
from keyuan.supervision.rules.access import items_i_see as items_i_see
from keyuan.supervision.rules.access import manages as manages
from keyuan.supervision.rules.access import owns as owns
