"""What a run covered, for its last lines."""

import collections

from case import Case
from outcome import Outcome


class Tally:
    def __init__(self) -> None:
        self.cases: collections.Counter[str] = collections.Counter()
        self.results: collections.Counter[str] = collections.Counter()
        self.allowed: collections.Counter[str] = collections.Counter()

    def note(self, case: Case, google: Outcome, relay: Outcome) -> None:
        self.cases[case.kind] += 1
        names = {True: "token", False: "failure"}
        self.results[f"google-auth {names[google.token is not None]}, relay "
                     f"{names[relay.token is not None]}"] += 1

    def lines(self) -> list[str]:
        counters = {"cases": self.cases, "results": self.results,
                    "allowed differences": self.allowed}
        return [f"  {title}: " + ", ".join(f"{count} {name}" for name, count in
                                           counter.most_common())
                for title, counter in counters.items()]
