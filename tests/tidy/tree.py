"""The repository as text: what the rules look at, and how they say what they found."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Without git (a release's archive) the tree is walked, less what .gitignore names.
IGNORED_FOLDERS = {".git", ".venv", "node_modules", "__pycache__"}


class Tree:
    """`texts` maps each path, relative to the root, to its text; `executable` names programs."""

    def __init__(self, texts, executable=()):
        self.texts = dict(texts)
        self.executable = set(executable)

    def select(self, folder="", suffixes=()):
        """Paths under `folder` with one of `suffixes`, in order; no suffixes: all."""
        for path in sorted(self.texts):
            inside = not folder or path.startswith(folder.rstrip("/") + "/")
            if inside and (not suffixes or path.endswith(tuple(suffixes))):
                yield path

    def lines(self, path):
        """(number, text) of each line, from 1."""
        return enumerate(self.texts[path].splitlines(), 1)

    def has_folder(self, path):
        return any(one.startswith(path.rstrip("/") + "/") for one in self.texts)


def finding(path, line, text):
    return f"{path}:{line}: {text}"


def listed_by_git(root):
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
               "--exclude-standard"]
    try:
        done = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return [name for name in done.stdout.decode().split("\0") if name]


def walked(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [one for one in folders
                      if one not in IGNORED_FOLDERS and not one.startswith("build")]
        for name in names:
            yield str(Path(folder, name).relative_to(root))


def read_tree(root=ROOT):
    texts = {}
    executable = set()
    for name in listed_by_git(root) or walked(root):
        path = Path(root, name)
        if not path.is_file():
            continue  # deleted, or a symbolic link into nowhere
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image, a test's bytes
        if os.access(path, os.X_OK):
            executable.add(name)
    return Tree(texts, executable)
