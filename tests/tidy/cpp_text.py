"""Just enough C++ to measure it: literals and comments blanked, function bodies found."""

import re

_TOKEN = re.compile(
    r"""//[^\n]*
      | /\*.*?\*/
      | (?:u8|u|U|L)?R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'
    """, re.VERBOSE | re.DOTALL)


def _blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def blanked(text):
    """The same text with blanks for comments and literals: every line and column stays put."""
    return _TOKEN.sub(_blank, text)


def raw_literal_lines(text):
    """Numbers of the lines that a raw string literal touches: its bytes cannot be wrapped."""
    lines = set()
    for match in _TOKEN.finditer(text):
        if match.group("mark") is not None:
            first = text.count("\n", 0, match.start()) + 1
            lines.update(range(first, first + match.group().count("\n") + 1))
    return lines


def _kind(head, parents):
    """What a brace opens, by the text between it and the statement before."""
    if "function" in parents or "value" in parents:
        return "block"
    plain = re.sub(r"<[^<>]*>", "", head)
    if re.search(r"\b(namespace|extern)\b", plain):
        return "scope"
    before_parameters = plain.split("(")[0]
    if re.search(r"\b(class|struct|union|enum|concept)\b", before_parameters):
        return "scope"
    if "=" in re.sub(r"operator\s*[=!<>]+|\[[^\]]*\]|\([^()]*\)", "", before_parameters):
        return "value"
    return "function" if ")" in head or not head.strip(" ,\n") else "value"


def functions(text):
    """(line, lines, head) of each outermost function body, a TEST_CASE's too."""
    code = re.sub(r"^[ \t]*#.*(?:\\\n.*)*", _blank, blanked(text), flags=re.MULTILINE)
    found = []
    open_blocks = []  # (kind, offset of the head)
    start = 0
    for match in re.finditer(r"[{};]", code):
        at = match.start()
        if match.group() == "{":
            head = code[start:at]
            kind = _kind(head, [one for one, _ in open_blocks])
            open_blocks.append((kind, start + len(head) - len(head.lstrip())))
        elif match.group() == "}" and open_blocks:
            kind, begin = open_blocks.pop()
            if kind == "function":
                first = code.count("\n", 0, begin) + 1
                last = code.count("\n", 0, at) + 1
                head = code[begin:code.index("{", begin)]
                found.append((first, last - first + 1, " ".join(head.split())))
        start = match.end()
    return found


def parameters(head):
    """How many a function has, by the text before its body."""
    depth = 0
    count = 1
    opened = head.find("(")
    if head[opened:].startswith("()"):
        opened = head.find("(", opened + 2) if head[:opened].endswith("operator") else opened
    if opened < 0:
        return 0
    for at, c in enumerate(head[opened:], opened):
        depth += (c in "(<[{") - (c in ")>]}")
        count += c == "," and depth == 1
        if depth == 0:
            return count if head[opened + 1:at].strip() else 0
    return count


def includes(text):
    """(line, name, system) of each include; `system` is true for <…>."""
    pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')
    for number, line in enumerate(text.splitlines(), 1):
        match = pattern.match(line)
        if match:
            yield number, match.group(2), match.group(1) == "<"
