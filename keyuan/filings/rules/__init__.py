"""What holds of filings: who sees and does what, when who is reminded."""

from keyuan.filings.rules.access import SEERS as SEERS
from keyuan.filings.rules.distances import AFTER as AFTER
from keyuan.filings.rules.distances import last_mark as last_mark
from keyuan.filings.rules.distances import read_distances as read_distances
