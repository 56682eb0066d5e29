"""Differential test: a random credential file and scripted token servers, through google-auth and
through the relay. Both must ask the same and come to the same; what may differ is listed, with its
reason, in allowed_differences.py.

    DIFFERENTIAL_SEED=random DIFFERENTIAL_CASES=1000 scripts/test differential
"""

import pytest

import google_auth_side
import relay_side
from adc_files import make_case
from allowed_differences import is_allowed
from case import Case
from comparison import differences
from faults import break_something
from outcome import Outcome
from run_settings import CASES, SEED


def read_program_runs(case: Case) -> list[list[str]]:
    """And forgets them."""
    if case.program_log is None or not case.program_log.exists():
        return []
    runs = case.program_log.read_text().split("end\n")[:-1]
    case.program_log.unlink()
    return [run.splitlines() for run in runs]


def both(case: Case, servers, keys) -> tuple[Outcome, Outcome]:
    outcomes = []
    for side in (google_auth_side, relay_side):
        outcomes.append(side.run(case, servers, str(keys.authority)))
        outcomes[-1].program_runs = read_program_runs(case)
    return outcomes[0], outcomes[1]


@pytest.mark.parametrize("number", range(CASES), ids=lambda number: f"seed-{SEED}-case-{number}")
def test_the_relay_does_as_google_auth_does(number, tmp_path, servers, keys, tally):
    make = make_case(f"{SEED}/{number}", tmp_path, servers, keys)
    break_something(make)
    make.case.write()
    google, relay = both(make.case, servers, keys)
    tally.note(make.case, google, relay)
    found = differences(google, relay, make.case)
    unexplained = [one for one in found if not is_allowed(one, tally)]
    if unexplained:
        pytest.fail("\n".join(map(str, unexplained)) + "\n" + make.case.describe() +
                    f"\ngoogle-auth: {google.failure}\nrelay: {relay.failure}", pytrace=False)
