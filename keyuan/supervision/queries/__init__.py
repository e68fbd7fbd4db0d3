"""What is read of items; the names here are for every room above."""

from keyuan.supervision.queries.sources import Found as Found
from keyuan.supervision.queries.sources import proof as proof
from keyuan.supervision.queries.sources import source as source
