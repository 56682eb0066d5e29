"""Arrows one way: main, io, core. The simulator stands beside io and shares nothing with it.

Coroutine shapes are not checked here. GCC 12 miscompiled `co_await` inside a condition of a
coroutine without locals; CMake refuses that compiler, and clang-19 and GCC 13 are right.
"""

import re

import cpp_text
from tree import finding

CPP = (".cpp", ".hpp")

# The files that say Asio's name, and the ones that may include the relay's door to it.
ASIO = {"server/io/asio.hpp", "server/io/asio_src.cpp", "server/simulator/asio.hpp"}
SPDLOG = {"server/io/log.cpp", "server/io/log_sink.cpp", "server/io/log_sink.hpp"}

# What core is made of besides the standard library: parsers, text, ciphers, no I/O.
CORE_LIBRARIES = ("simdjson.h", "fmt/", "toml++/", "openssl/")
# Of the standard library, what waits, reads a clock, a file or the surroundings.
NOT_IN_CORE = {"condition_variable", "coroutine", "csignal", "cstdio", "ctime", "filesystem",
               "fstream", "future", "iostream", "mutex", "random", "semaphore", "stop_token",
               "thread"}
TIME_AND_CHANCE = re.compile(
    r"\b(?:\w+_)?clock::now\b|\bsystem_clock\b|\bclock_gettime\b|\bgettimeofday\b|\bstd::time\b|"
    r"\btime\(\s*(?:nullptr|NULL|0)\s*\)|\brandom_device\b|\bgetenv\b|\bco_await\b|\bco_return\b")

# What a folder may include with quotes; others of its own kind are free.
MAY_INCLUDE = {
    "server/core/": ("core/", "built_in_models.hpp", "built_in_prices.hpp"),
    "server/io/": ("core/", "io/"),
    "server/simulator/": ("core/", "simulator/"),
    "tests/bench/": (),
    "tests/unit/": ("core/", "cli", "unit/", "io/frame_cache.hpp"),
}


def own_includes(tree):
    for folder, allowed in MAY_INCLUDE.items():
        for path in tree.select(folder, CPP):
            for line, name, system in cpp_text.includes(tree.texts[path]):
                beside = f"{path.rsplit('/', 1)[0]}/{name}" in tree.texts
                if not system and not beside and not name.startswith(allowed):
                    yield finding(path, line, f"{folder} does not include {name}")


def is_standard(name):
    return "/" not in name and "." not in name


def core_libraries(tree):
    for path in tree.select("server/core", CPP):
        for line, name, system in cpp_text.includes(tree.texts[path]):
            known = name.startswith(CORE_LIBRARIES) or is_standard(name)
            if system and (not known or name in NOT_IN_CORE):
                yield finding(path, line, f"core decides and never waits: no <{name}>")


def core_time(tree):
    for path in tree.select("server/core", CPP):
        code = cpp_text.blanked(tree.texts[path])
        for number, line in enumerate(code.splitlines(), 1):
            match = TIME_AND_CHANCE.search(line)
            if match:
                yield finding(path, number, f"core gets time and chance passed in: {match.group()}")


def one_door(tree):
    for path in tree.select("server", CPP):
        for line, name, _ in cpp_text.includes(tree.texts[path]):
            if name.startswith(("boost/asio", "boost/beast")) and path not in ASIO:
                yield finding(path, line, f"<{name}> belongs into asio.hpp")
            if name == "io/asio.hpp" and path.endswith(".hpp"):
                yield finding(path, line, "a header does not bring Asio along")
            if name.startswith("spdlog/") and path not in SPDLOG:
                yield finding(path, line, "spdlog is the log's own business")


def own_header_first(tree):
    """Proves each such header whole: nothing before it can lend it an include."""
    for path in tree.select("server", (".cpp",)):
        header = path[:-len("cpp")] + "hpp"
        names = [name for _, name, _ in cpp_text.includes(tree.texts[path])]
        wanted = header[len("server/"):]
        if header in tree.texts and names[:1] != [wanted]:
            yield finding(path, 1, f"includes {wanted} first")


def include_cycles(tree):
    graph = {}
    for path in tree.select("server", (".hpp",)):
        names = (name for _, name, system in cpp_text.includes(tree.texts[path]) if not system)
        graph[path] = [f"server/{name}" for name in names if f"server/{name}" in tree.texts]
    done = set()

    def visit(path, trail):
        if path in trail:
            return [*trail[trail.index(path):], path]
        if path in done:
            return None
        for other in graph.get(path, ()):
            cycle = visit(other, [*trail, path])
            if cycle:
                return cycle
        done.add(path)
        return None

    for path in graph:
        cycle = visit(path, [])
        if cycle:
            yield finding(path, 1, "headers include each other: " + " → ".join(cycle))
            return


RULES = (own_includes, core_libraries, core_time, one_door, own_header_first, include_cycles)
