"""Names that say nothing, promises nobody keeps, tests that wait for time instead of an event."""

import re

import cpp_text
from tree import finding

VAGUE = {"manager", "helper", "helpers", "util", "utils", "data", "info", "handler", "handlers",
         "misc"}

# Spelled in halves, or this file would be the first finding.
LEFTOVERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")

SLEEPS = re.compile(r"\bsleep_(?:for|until)\b|\bu?sleep\(|\bnanosleep\b|"
                    r"\b(?:time|asyncio)\.sleep\b|^\s*sleep\s+[0-9$]")
# Places that may sleep, how often, and why.
MAY_SLEEP = {
    "tests/bench/load_run.cpp": (1, "measures memory a second after the last answer"),
    "tests/net/relay_rig.cpp": (1, "`eventually` polls for what no event announces, bounded"),
}


def vague_names(tree):
    for path in tree.select():
        words = set(re.split(r"[/_\-.]", path.lower()))
        for word in sorted(words & VAGUE):
            yield finding(path, 1, f"a name that says what it is, not `{word}`")


def leftovers(tree):
    for path in tree.select():
        if path == "LICENSE":
            continue
        for number, line in tree.lines(path):
            match = LEFTOVERS.search(line)
            if match:
                yield finding(path, number, f"{match.group()}: do it, or file it as an issue")


def sleeping_tests(tree):
    for path in tree.select("tests", (".cpp", ".hpp", ".py", ".sh", ".mjs", ".js")):
        if path.startswith("tests/tidy/"):
            continue
        text = tree.texts[path]
        code = cpp_text.blanked(text) if path.endswith((".cpp", ".hpp")) else text
        hits = [number for number, line in enumerate(code.splitlines(), 1) if SLEEPS.search(line)]
        allowed, _ = MAY_SLEEP.get(path, (0, ""))
        for number in hits[allowed:]:
            yield finding(path, number, "a test waits for an event, with a bound, not for time")


RULES = (vague_names, leftovers, sleeping_tests)
