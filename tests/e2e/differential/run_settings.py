"""Which random cases one run plays: the same each time, unless asked for others."""

import os
import random

_WANTED = os.environ.get("DIFFERENTIAL_SEED") or "1"
SEED = str(random.SystemRandom().randrange(10**6)) if _WANTED == "random" else _WANTED
CASES = int(os.environ.get("DIFFERENTIAL_CASES") or 220)
