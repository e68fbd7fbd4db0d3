"""What holds of rotas whoever asks: the order, its reasons, and rights."""

from keyuan.hosting.rules.access import SEERS as SEERS
from keyuan.hosting.rules.access import unit_of as unit_of
from keyuan.hosting.rules.access import works_on as works_on
