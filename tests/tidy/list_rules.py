"""What stands in one place and is listed in another: sources, folders, programs."""

import posixpath
import re

from tree import finding


def without_comments(text):
    return re.sub(r"#[^\n]*", "", text)


def listed_sources(tree, path):
    """The .cpp files a CMakeLists.txt names, as paths from the root; generated ones left out."""
    folder = posixpath.dirname(path)
    text = without_comments(tree.texts[path])
    here = re.findall(r"set\((\w+) \$\{CMAKE_CURRENT_SOURCE_DIR\}\)", text)
    for name in re.findall(r"[^\s()\"]+\.cpp\b", text):
        for variable in ("CMAKE_CURRENT_SOURCE_DIR", *here):
            name = name.replace(f"${{{variable}}}/", "")
        name = name.replace("${PROJECT_SOURCE_DIR}", "/")
        if "${" not in name:
            whole = name.lstrip("/") if name.startswith("/") else posixpath.join(folder, name)
            yield posixpath.normpath(whole)


def sources_are_built(tree):
    listed = {}
    for path in tree.select(suffixes=("CMakeLists.txt",)):
        for source in listed_sources(tree, path):
            listed.setdefault(source, path)
    for source in tree.select(suffixes=(".cpp",)):
        if source not in listed:
            yield finding(source, 1, "no CMakeLists.txt lists it: it is never built")
    for source, path in sorted(listed.items()):
        if source not in tree.texts:
            yield finding(path, 1, f"lists {source}, which does not exist")


def folders_are_entered(tree):
    """A folder with a CMakeLists.txt is named by the nearest one above it."""
    for path in tree.select(suffixes=("CMakeLists.txt",)):
        folder = posixpath.dirname(path)
        above = posixpath.dirname(folder)
        while above and posixpath.join(above, "CMakeLists.txt") not in tree.texts:
            above = posixpath.dirname(above)
        parent = posixpath.join(above, "CMakeLists.txt")
        if not folder or parent not in tree.texts:
            continue
        name = posixpath.relpath(folder, above or ".")
        commands = re.findall(r"(?:add_subdirectory|foreach)\(([^)]*)\)",
                              without_comments(tree.texts[parent]))
        if name not in " ".join(commands).split():
            yield finding(parent, 1, f"does not enter {folder}")


def installed_files(tree):
    for path in tree.select(suffixes=("CMakeLists.txt",)):
        text = without_comments(tree.texts[path])
        for names in re.findall(r"install\(FILES\s+(.*?)\s+DESTINATION", text, re.DOTALL):
            for name in names.split():
                whole = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                if "${" not in name and whole not in tree.texts:
                    yield finding(path, 1, f"installs {name}, which does not exist")


def programs(tree):
    for path in tree.select():
        name = path.rsplit("/", 1)[-1]
        is_program = path.startswith(("scripts/", ".ci/")) and "." not in name
        shebang = tree.texts[path].startswith("#!")
        runs = path in tree.executable
        if is_program and not (shebang and runs):
            yield finding(path, 1, "a program names its interpreter in line 1 and is executable")
        if not is_program and runs != shebang:
            yield finding(path, 1, "line 1 names an interpreter, or it is executable, not both")


def shell_is_strict(tree):
    for path in tree.select():
        text = tree.texts[path]
        if re.match(r"#!.*\b(?:ba)?sh\b", text) and "\nset -euo pipefail\n" not in text:
            yield finding(path, 1, "a shell script says: set -euo pipefail")


RULES = (sources_are_built, folders_are_entered, installed_files, programs, shell_is_strict)
