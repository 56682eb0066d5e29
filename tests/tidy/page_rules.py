"""Documents do not point at nothing."""

import posixpath
import re

from tree import finding

LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`]+)`")
# What reads as a file of this repository: a path from one of its folders, or a source's name.
FILE_OF_OURS = re.compile(
    r"(?:(?:\.ci|cmake|config|docker|scripts|server|tests|core|io|simulator)/[\w./-]*|"
    r"[\w.-]+\.(?:cpp|hpp|py|mjs))$")


def prose(tree, path):
    """The lines outside fenced code."""
    fenced = False
    for number, line in tree.lines(path):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


def slug(heading):
    """The anchor GitHub makes of a heading."""
    text = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(tree, path):
    return {slug(line.lstrip("#")) for _, line in prose(tree, path) if line.startswith("#")}


def links(tree):
    for path in tree.select(suffixes=(".md",)):
        for number, line in prose(tree, path):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                base = "" if name.startswith("/") else posixpath.dirname(path)
                whole = posixpath.normpath(posixpath.join(base, name.lstrip("/"))) if name else path
                if whole not in tree.texts and not tree.has_folder(whole):
                    yield finding(path, number, f"links to {target}, which does not exist")
                elif anchor and whole.endswith(".md") and anchor not in anchors(tree, whole):
                    yield finding(path, number, f"links to {target}, which has no such heading")


def is_there(tree, path, name):
    name = name.rstrip("/").rstrip(".")
    places = {"", "server", posixpath.dirname(path)}
    whole = {posixpath.normpath(posixpath.join(place, name)) for place in places}
    return (any(one in tree.texts or tree.has_folder(one) for one in whole) or
            any(one.endswith("/" + name) for one in tree.texts))


def mentioned_files(tree):
    for path in tree.select(suffixes=(".md",)):
        if path == "CHANGELOG.md":
            continue  # history may name what is gone
        for number, line in prose(tree, path):
            for code in CODE.findall(line):
                for word in code.split()[:1]:
                    if FILE_OF_OURS.match(word) and not is_there(tree, path, word):
                        yield finding(path, number, f"names {word}, which does not exist")


RULES = (links, mentioned_files)
