"""The rules themselves: each sees what is planted for it, and nothing in a clean tree."""

import unittest

import cpp_text
import tidy
from tree import Tree

ROOT_LISTS = "add_subdirectory(server)\nadd_subdirectory(tests)\n"

CLEAN = {
    "CMakeLists.txt": ROOT_LISTS + "install(FILES README.md DESTINATION doc)\n",
    "README.md": "# Name\n[The map](server/README.md#where-is-), `scripts/run`, `io/loop.cpp`\n",
    "scripts/run": "#!/usr/bin/env bash\nset -euo pipefail\n",
    "scripts/run.d/part.py": "x = 1\n",
    "server/CMakeLists.txt": "add_executable(relay main.cpp core/edit.cpp io/loop.cpp)\n",
    "server/README.md": "# Where is …\n",
    "server/main.cpp": '#include "io/loop.hpp"\nint main() {}\n',
    "server/core/edit.hpp": "#pragma once\n// What it is.\n#include <string>\n",
    "server/core/edit.cpp": '#include "core/edit.hpp"\n\n#include <simdjson.h>\n',
    "server/io/loop.hpp": '#pragma once\n// What it is.\n#include "core/edit.hpp"\n',
    "server/io/loop.cpp": '#include "io/loop.hpp"\n\n#include "io/asio.hpp"\n',
    "server/io/asio.hpp": "#pragma once\n// What it is.\n#include <boost/asio/post.hpp>\n",
    "tests/CMakeLists.txt": "foreach(area unit net)\n    add_subdirectory(${area})\nendforeach()\n",
    "tests/unit/CMakeLists.txt": "target_sources(t PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/a.cpp)\n",
    "tests/unit/a.cpp": '#include "core/edit.hpp"\n',
    "tests/net/CMakeLists.txt": "add_executable(n relay_rig.cpp)\n",
    "tests/net/relay_rig.cpp": "void poll() { sleep_for(1); }\n",
}
PROGRAMS = {"scripts/run"}

LONG_BODY = "    a();\n" * 69
MAIN = "server/main.cpp"
CORE = "server/core/edit.hpp"


def header(text):
    return f"#pragma once\n// What it is.\n{text}\n"


# rule: files of the clean tree replaced or added, None for one that is gone.
PLANTED = [
    ("file_length", {MAIN: "int x;\n" * 401}),
    ("file_length", {"scripts/run": CLEAN["scripts/run"] + "a\n" * 399}),
    ("function_length", {MAIN: f"int main() {{\n{LONG_BODY}}}\n"}),
    ("function_length", {MAIN: f"class a {{\n    int f() const {{\n{LONG_BODY}}}\n}};\n"}),
    ("function_length", {MAIN: f'TEST_CASE("a {{", "[b]") {{\n{LONG_BODY}}}\n'}),
    ("function_length", {"scripts/run.d/part.py": "def f():\n" + "    a()\n" * 70}),
    ("parameters", {MAIN: "int f(int a, b<c, d> e, int (*f)(int, int), g h, i j) {}\n"}),
    ("columns", {MAIN: "// " + "x" * 98 + "\n"}),
    ("columns", {MAIN: 'auto a = "' + "x" * 98 + '";\n'}),
    ("columns", {"tests/CMakeLists.txt": CLEAN["tests/CMakeLists.txt"] + "#" * 101 + "\n"}),
    ("blanks", {MAIN: "int main() {} \n"}),
    ("blanks", {MAIN: "\tint x;\n"}),
    ("blanks", {MAIN: "int x;"}),
    ("blanks", {MAIN: "int x;\n\n"}),
    ("blanks", {MAIN: "int x;\r\n"}),
    ("header_guard", {"tests/unit/a.hpp": "#ifndef A\n"}),
    ("header_story", {CORE: "#pragma once\n\n#include <string>\n"}),
    ("own_includes", {CORE: header('#include "io/loop.hpp"')}),
    ("own_includes", {"server/io/loop.hpp": header('#include "simulator/plan.hpp"')}),
    ("own_includes", {"server/simulator/plan.hpp": header('#include "io/loop.hpp"')}),
    ("own_includes", {"tests/unit/a.cpp": '#include "io/loop.hpp"\n'}),
    ("core_libraries", {CORE: header("#include <sys/socket.h>")}),
    ("core_libraries", {CORE: header("#include <unistd.h>")}),
    ("core_libraries", {CORE: header("#include <boost/asio/post.hpp>")}),
    ("core_libraries", {CORE: header("#include <thread>")}),
    ("core_time", {CORE: header("inline auto f() { return std::chrono::steady_clock::now(); }")}),
    ("core_time", {CORE: header("inline auto f() { return file_clock::now(); }")}),
    ("core_time", {CORE: header("using clock = std::chrono::system_clock;")}),
    ("core_time", {CORE: header("inline auto f() { return std::time(nullptr); }")}),
    ("core_time", {CORE: header("task<> f() { co_await g(); }")}),
    ("core_time", {CORE: header('inline auto f() { return std::getenv("HOME"); }')}),
    ("one_door", {"server/io/loop.hpp": header("#include <boost/asio/ip/tcp.hpp>")}),
    ("one_door", {"server/io/loop.hpp": header('#include "io/asio.hpp"')}),
    ("one_door", {MAIN: "#include <spdlog/spdlog.h>\n"}),
    ("own_header_first", {"server/core/edit.cpp": '#include <string>\n#include "core/edit.hpp"\n'}),
    ("own_header_first", {"server/core/edit.cpp": "int x;\n"}),
    ("include_cycles", {CORE: header('#include "core/text.hpp"'),
                        "server/core/text.hpp": header('#include "core/edit.hpp"')}),
    ("vague_names", {"server/io/socket_helper.hpp": header("")}),
    ("vague_names", {"server/core/data/a.hpp": header("")}),
    ("vague_names", {"scripts/run.d/utils.py": "x = 1\n"}),
    ("leftovers", {"README.md": "FIX" "ME\n"}),
    ("leftovers", {MAIN: "// TO" "DO: later\n"}),
    ("sleeping_tests", {"tests/unit/a.cpp": "void f() { std::this_thread::sleep_for(1s); }\n"}),
    ("sleeping_tests", {"tests/net/relay_rig.cpp": "void f() {\n sleep_for(1);\n usleep(2);\n}\n"}),
    ("sleeping_tests", {"tests/e2e/a.py": "time.sleep(1)\n"}),
    ("sleeping_tests", {"tests/e2e/a.sh": "  sleep 5\n"}),
    ("sources_are_built", {"server/io/new.cpp": "int x;\n"}),
    ("sources_are_built", {"server/io/loop.cpp": None}),
    ("sources_are_built", {"tests/unit/CMakeLists.txt": "# ${CMAKE_CURRENT_SOURCE_DIR}/a.cpp\n"}),
    ("folders_are_entered", {"tests/CMakeLists.txt": "add_subdirectory(net)\n"}),
    ("installed_files", {"README.md": None}),
    ("programs", {"scripts/run": "set -euo pipefail\n"}),
    ("programs", {"scripts/test": "#!/usr/bin/env bash\nset -euo pipefail\n"}),
    ("programs", {"scripts/run.d/part.py": "#!/usr/bin/env python3\n"}),
    ("shell_is_strict", {"scripts/run": "#!/bin/sh\nset -e\n"}),
    ("links", {"README.md": "[a](missing.md)\n"}),
    ("links", {"README.md": "[a](server/README.md#nowhere)\n"}),
    ("links", {"server/README.md": "# Where is …\n[a](/server/README.txt)\n"}),
    ("mentioned_files", {"README.md": "`scripts/gone` does it.\n"}),
    ("mentioned_files", {"server/README.md": "# Where is …\n`gone.cpp`\n"}),
]


def tree_with(changes):
    texts = {path: text for path, text in {**CLEAN, **changes}.items() if text is not None}
    return Tree(texts, PROGRAMS & texts.keys())


def findings(rule, tree):
    return list(next(one for one in tidy.RULES if one.__name__ == rule)(tree))


class Rules(unittest.TestCase):
    def test_a_clean_tree_breaks_no_rule(self):
        for rule in tidy.RULES:
            with self.subTest(rule.__name__):
                self.assertEqual(list(rule(tree_with({}))), [])

    def test_each_rule_sees_what_is_planted(self):
        for rule, changes in PLANTED:
            with self.subTest(rule, changes=list(changes)):
                self.assertEqual(len(findings(rule, tree_with(changes))), 1)

    def test_no_rule_goes_untested(self):
        self.assertEqual({rule.__name__ for rule in tidy.RULES}, {rule for rule, _ in PLANTED})

    def test_a_finding_names_place_and_rule(self):
        tree = tree_with({MAIN: "int x;\n" + "//" + "x" * 100 + "\n"})
        self.assertEqual(findings("columns", tree), ["server/main.cpp:2: 102 columns, at most 100"])

    def test_what_is_allowed_passes(self):
        allowed = {
            "parameters": {MAIN: "a::a(int, int, int, int, int) : b_(1) {}\n"
                                              "int f(int a, b<c, d> e, h<i<j, k>, l> m, n o) {}\n"},
            "columns": {MAIN: 'auto a = R"(' + "x" * 200 + '\n)";\n'},
            "core_time": {CORE: header("// clock::now() is passed in\n"
                                       "std::chrono::steady_clock::time_point began;")},
            "core_libraries": {CORE: header("#include <openssl/evp.h>\n#include <map>")},
            "sources_are_built": {"tests/unit/CMakeLists.txt":
                                  "set(here ${CMAKE_CURRENT_SOURCE_DIR})\nf(t ${here}/a.cpp)\n"},
            "leftovers": {"README.md": "# Name\nmkdtemp(\"a-XX" "XXXX\")\n"},
            "mentioned_files": {"README.md": "`google/gemini`, `~/config/a.toml`, `/etc/x/a.toml`\n"
                                             "```\n`scripts/gone`\n```\n"},
            "links": {"README.md": "[a](https://example.com/x) [b](scripts) [c](#name)\n# Name\n"},
        }
        for rule, changes in allowed.items():
            with self.subTest(rule):
                self.assertEqual(findings(rule, tree_with(changes)), [])


CODE = '''
namespace a { // {
struct options {
    int x = 1;
    std::array<int, 2> both{1, 2};
};
constexpr std::array table{
    1,
    2,
};
std::map<int, std::string> const more = {
    {1, "}"},
};
enum class kind { one, two };
class thing final : public base {
public:
    explicit thing(int x) : x_{x}, y_(x) {
        go();
    }
    bool operator==(thing const&) const = default;
    bool operator()(int x) const { return x == '{'; }
    int get() const noexcept override { return x_; }
};
template <class T = int>
auto walk(T value, int more = 2) -> decltype(value) {
    auto each = [&](int x) { return x; };
    if (value) {
        each(R"x({{{)" })x");
    }
    return 1'000'000 + value;
}
#define BROKEN(x) { \\
    x
}
extern "C" {
void plain() {
}
}
TEST_CASE("a }", "[b]") {
}
'''


class Cpp(unittest.TestCase):
    def test_functions_are_found_and_nothing_else(self):
        found = [(lines, head.split("(")[0].split()[-1])
                 for _, lines, head in cpp_text.functions(CODE)]
        # A constructor's list in braces splits it in two; its body counts all the same.
        self.assertEqual(found, [(2, "thing"), (3, "y_"), (1, "operator"), (1, "get"), (8, "walk"),
                                 (2, "plain"), (2, "TEST_CASE")])

    def test_blanking_keeps_lines_and_columns(self):
        code = cpp_text.blanked(CODE)
        self.assertEqual([len(line) for line in code.splitlines()],
                         [len(line) for line in CODE.splitlines()])
        self.assertEqual(code.count("{") - code.count("}"), 1)  # the macro's

    def test_includes(self):
        text = '#include <a/b.hpp>\n  #  include "c.hpp" // why\n// #include <d>\n#include MACRO\n'
        self.assertEqual(list(cpp_text.includes(text)), [(1, "a/b.hpp", True), (2, "c.hpp", False)])


if __name__ == "__main__":
    unittest.main()
