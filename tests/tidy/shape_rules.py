"""How big things may be, and how they are written."""

import ast
import re

import cpp_text
from tree import finding

FILE_LINES = 400
FUNCTION_LINES = 70
COLUMNS = 100
PARAMETERS = 4
# A callback's parameters are not ours to choose.
CALLBACKS = {"select_http11": "OpenSSL's choice of an ALPN protocol"}

CPP = (".cpp", ".hpp")
SCRIPTS = ("scripts/", ".ci/")
OTHER_CODE = (".py", ".mjs", ".js", ".sh", ".cmake", "CMakeLists.txt")


def is_code(path):
    name = path.rsplit("/", 1)[-1]
    is_program = path.startswith(SCRIPTS) and "." not in name
    return path.endswith(CPP + OTHER_CODE) or is_program


def file_length(tree):
    for path in filter(is_code, tree.select()):
        lines = len(tree.texts[path].splitlines())
        if lines > FILE_LINES:
            yield finding(path, lines, f"{lines} lines, at most {FILE_LINES}")


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1, node.name


def function_length(tree):
    for path in tree.select(suffixes=CPP + (".py",)):
        measure = python_functions if path.endswith(".py") else cpp_text.functions
        for line, lines, name in measure(tree.texts[path]):
            if lines > FUNCTION_LINES:
                yield finding(path, line, f"{lines} lines, at most {FUNCTION_LINES}: {name[:60]}")


def is_constructor(head):
    name = re.sub(r"^(?:public|private|protected)\s*:|\bexplicit\b", "", head.split("(")[0])
    parts = name.strip().split("::")
    return " " not in name.strip() and (len(parts) == 1 or parts[-1] == parts[-2])


def parameters(tree):
    """A constructor may be given more: its class keeps them by name."""
    for path in tree.select("server", CPP):
        for line, _, head in cpp_text.functions(tree.texts[path]):
            count = cpp_text.parameters(head)
            known = any(f"{name}(" in head for name in CALLBACKS)
            if count > PARAMETERS and not is_constructor(head) and not known:
                yield finding(path, line, f"{count} parameters, at most {PARAMETERS}: {head[:60]}")


def columns(tree):
    for path in filter(is_code, tree.select()):
        cpp = path.endswith(CPP)
        exempt = cpp_text.raw_literal_lines(tree.texts[path]) if cpp else ()
        for number, line in tree.lines(path):
            if len(line) > COLUMNS and number not in exempt:
                yield finding(path, number, f"{len(line)} columns, at most {COLUMNS}")


def blanks(tree):
    for path in filter(is_code, tree.select()):
        text = tree.texts[path]
        for number, line in tree.lines(path):
            if line != line.rstrip() or "\t" in line:
                yield finding(path, number, "a tab, or blanks at the end of the line")
        if "\r" in text or not text.endswith("\n") or text.endswith("\n\n"):
            yield finding(path, 1, "lines end in LF, the last one too, and no empty one follows")


def header_guard(tree):
    for path in tree.select(suffixes=(".hpp",)):
        if not tree.texts[path].startswith("#pragma once\n"):
            yield finding(path, 1, "a header begins with #pragma once")


def header_story(tree):
    """A header under server/ says in its first comment what it is."""
    for path in tree.select("server", (".hpp",)):
        if not re.match(r"#pragma once\n// \S", tree.texts[path]):
            yield finding(path, 2, "the second line of a header begins its story")


RULES = (file_length, function_length, parameters, columns, blanks, header_guard, header_story)
