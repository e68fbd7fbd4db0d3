"""Windows, coverage, who sees and does what, and what a school starts with."""

from keyuan.rotation.rules.access import SEERS as SEERS
from keyuan.rotation.rules.coverage import DUE as DUE
from keyuan.rotation.rules.coverage import NOTHING as NOTHING
from keyuan.rotation.rules.coverage import STATES as STATES
from keyuan.rotation.rules.coverage import Norm as Norm
from keyuan.rotation.rules.coverage import Standing as Standing
from keyuan.rotation.rules.coverage import Tally as Tally
from keyuan.rotation.rules.coverage import judge as judge
from keyuan.rotation.rules.windows import Window as Window
from keyuan.rotation.rules.windows import horizon as horizon
from keyuan.rotation.rules.windows import window_on as window_on
