"""What one side made of a case."""

from dataclasses import dataclass, field

from token_servers import Seen


@dataclass
class Outcome:
    token: str | None = None      # None: it failed
    lifetime: float | None = None  # seconds; None: not told
    project: str | None = None
    quota_project: str | None = None
    failure: str = ""             # for people; not compared
    requests: list[Seen] = field(default_factory=list)
    program_runs: list[list[str]] = field(default_factory=list)  # lines the executable wrote
