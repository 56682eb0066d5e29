"""The house rules (CONTRIBUTING.md) that a machine can check. Prints what breaks one.

    python3 tests/tidy/tidy.py            the whole tree
    python3 tests/tidy/tidy.py columns    only these rules
"""

import sys

import layer_rules
import list_rules
import page_rules
import shape_rules
import tree
import word_rules

RULES = (*shape_rules.RULES, *layer_rules.RULES, *word_rules.RULES, *list_rules.RULES,
         *page_rules.RULES)


def main(wanted):
    rules = {rule.__name__: rule for rule in RULES}
    unknown = [name for name in wanted if name not in rules]
    if unknown:
        print(f"no rule {', '.join(unknown)}; there are {', '.join(rules)}", file=sys.stderr)
        return 2
    files = tree.read_tree()
    found = [f"{text} [{name}]" for name in wanted or rules for text in rules[name](files)]
    print("\n".join(found + [f"{len(files.texts)} files, {len(found)} findings"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
