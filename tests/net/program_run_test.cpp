#include "io/program_run.hpp"

#include "io/child_process.hpp"
#include "net/loop_thread.hpp"
#include "net/relay_rig.hpp"
#include "net/token_rig.hpp"

#include <catch2/catch.hpp>

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::google::environment;
using core::google::program_outcome;
using core::google::program_output_bytes_max;
using kind = program_outcome::kind;
using std::chrono::milliseconds;

constexpr milliseconds time_to_begin{2500}; ///< on a busy machine, before it is stopped

struct program_rig {
    program_rig() { thread.begin(); }

    /// Writes a script of that body and makes it executable.
    std::string script(std::string const& name, std::string const& body) const {
        auto path = files.write(name, "#!/bin/sh\n" + body + "\n");
        ::chmod(path.c_str(), 0700);
        return path;
    }

    program_outcome run(core::google::run_program const& wanted) {
        program_outcome outcome;
        thread.run([&](io::fiber& sleeper, std::size_t) { return keep(sleeper, wanted, outcome); });
        return outcome;
    }
    program_outcome run(std::string const& body, milliseconds timeout = std::chrono::seconds(20)) {
        return run({.arguments = {script("script", body), "one", "two words"},
                    .variables = {{"ADDED", "by us"}, {"REPLACED", "new"}},
                    .timeout = timeout});
    }

    std::string read(std::string const& name) const {
        std::stringstream text;
        text << std::ifstream(files.path(name)).rdbuf();
        return text.str();
    }
    /// Whether the process whose number the script wrote there still runs.
    bool runs(std::string const& name) const {
        auto pid = std::stoi(read(name));
        return ::kill(pid, 0) == 0 && read_state(pid) != 'Z';
    }

    scratch_directory files;
    environment variables{{{"PATH", "/usr/bin:/bin"},
                           {"KEPT", "as it was"},
                           {"REPLACED", "old"},
                           {"DIR", files.path("")}}};
    loop_thread thread;

private:
    io::task<> keep(io::fiber& sleeper, core::google::run_program const& wanted,
                    program_outcome& into) {
        auto outcome = co_await io::run_to_end(sleeper, wanted, variables);
        into = std::move(outcome);
    }
    static char read_state(int pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string text;
        std::getline(stat, text);
        auto at = text.rfind(')');
        return at == std::string::npos ? 'Z' : text[at + 2];
    }
};

io::task<> run_and_forget(io::fiber& sleeper, core::google::run_program const& wanted,
                          environment const& variables) {
    auto outcome = co_await io::run_to_end(sleeper, wanted, variables);
    static_cast<void>(outcome);
}

} // namespace

TEST_CASE("a program's output and errors are kept apart", "[program_run]") {
    program_rig rig;
    auto outcome = rig.run("printf token; printf trouble >&2; exit 7");
    CHECK(outcome.what == kind::exited);
    CHECK(outcome.status == 7);
    CHECK(outcome.output.reveal() == "token");
    CHECK(outcome.errors == "trouble");
}

TEST_CASE("a program gets its words, variables, and nothing else of ours", "[program_run]") {
    program_rig rig;
    int leaked = ::dup(STDERR_FILENO); // without close-on-exec, as a library might leave one
    auto number = std::to_string(leaked);
    auto outcome = rig.run(R"(printf '%s|' "$#" "$1" "$2" "$KEPT" "$ADDED" "$REPLACED"; cat)"
                           "\n[ -e /proc/self/fd/" +
                           number + " ] && printf 'a descriptor came along'\n" +
                           R"(cut -d' ' -f5 /proc/$$/stat >"$DIR/group"; echo $$ >"$DIR/pid")");
    ::close(leaked);
    CHECK(outcome.output.reveal() == "2|one|two words|as it was|by us|new|");
    CHECK_FALSE(rig.read("pid").empty());
    CHECK(rig.read("group") == rig.read("pid"));
}

TEST_CASE("a program is ended by SIGPIPE as it expects", "[program_run]") {
    ::signal(SIGPIPE, SIG_IGN); // as the relay does
    program_rig rig;
    auto outcome = rig.run("kill -PIPE $$; printf survived");
    ::signal(SIGPIPE, SIG_DFL);
    CHECK(outcome.what == kind::killed);
    CHECK(outcome.status == SIGPIPE);
}

TEST_CASE("a program that takes too long is stopped with all it started", "[program_run]") {
    program_rig rig;
    auto outcome = rig.run(R"(sleep 600 & printf '%s' $! >"$DIR/child"
printf '%s' $$ >"$DIR/parent"; printf half; wait)",
                           time_to_begin);
    CHECK(outcome.what == kind::timed_out);
    CHECK(outcome.output.empty());
    CHECK_FALSE(rig.runs("parent"));
    CHECK(eventually([&] { return !rig.runs("child"); })); // killed, but nobody waits for it here
}

TEST_CASE("a program that does not want to end is killed", "[program_run]") {
    program_rig rig;
    auto outcome = rig.run(R"(trap '' TERM; printf '%s' $$ >"$DIR/parent"
while :; do sleep 1; done)",
                           time_to_begin);
    CHECK(outcome.what == kind::timed_out);
    CHECK_FALSE(rig.runs("parent"));
}

TEST_CASE("a program may clean up when it is told to end", "[program_run]") {
    program_rig rig;
    auto outcome = rig.run(R"(trap 'printf done >"$DIR/cleaned"; exit 0' TERM
while :; do sleep 0.05; done)",
                           time_to_begin);
    CHECK(outcome.what == kind::timed_out);
    CHECK(rig.read("cleaned") == "done");
}

TEST_CASE("a program's end counts, not that of what it leaves behind", "[program_run]") {
    program_rig rig;
    auto outcome = rig.run(R"(sleep 600 & printf '%s' $! >"$DIR/daemon"; printf token)");
    CHECK(outcome.what == kind::exited);
    CHECK(outcome.output.reveal() == "token");
    auto daemon = std::stoi(rig.read("daemon"));
    CHECK(::kill(daemon, SIGKILL) == 0); // it was left alone
}

TEST_CASE("the output of a program is bounded", "[program_run]") {
    program_rig rig;
    auto most = std::to_string(program_output_bytes_max);
    auto whole = rig.run("head -c " + most + " /dev/zero");
    CHECK(whole.what == kind::exited);
    CHECK(whole.output.reveal().size() == program_output_bytes_max);
    CHECK(rig.run("head -c " + most + " /dev/zero; printf x").what == kind::too_long);
    CHECK(rig.run("cat /dev/zero").what == kind::too_long);
    auto noisy = rig.run("head -c 1000000 /dev/zero >&2; printf token");
    CHECK(noisy.output.reveal() == "token");
    CHECK(noisy.errors.size() == 4096);
}

TEST_CASE("a program that cannot be started", "[program_run]") {
    program_rig rig;
    auto run = [&](std::string name) {
        return rig.run({.arguments = {std::move(name)}, .timeout = std::chrono::seconds(20)}).what;
    };
    CHECK(run(rig.files.path("none")) == kind::not_found);
    CHECK(run("no-such-program-anywhere") == kind::not_found);
    CHECK(run(rig.files.path("")) == kind::not_found); // a directory
    CHECK(run(rig.files.write("plain", "#!/bin/sh\n")) == kind::not_found);
    auto broken = rig.files.write("broken", "#!/no/such/interpreter\n");
    ::chmod(broken.c_str(), 0700);
    CHECK(run(broken) == kind::not_found);
    auto text = rig.files.write("text", "no program at all\n");
    ::chmod(text.c_str(), 0700);
    CHECK(run(text) == kind::not_started);
}

TEST_CASE("a name is found in PATH, but never in the present directory", "[program_run]") {
    program_rig rig;
    auto program = rig.script("bin/tool", "exit 0");
    auto dir = program.substr(0, program.rfind('/'));
    CHECK(io::find_program("tool", "/none:" + dir + ":/usr/bin") == program);
    CHECK(io::find_program(program, "") == program);
    CHECK(io::find_program("tool", "").empty());
    auto before = std::filesystem::current_path();
    std::filesystem::current_path(dir);
    for (auto const* path : {".", "", ":", "::", "./", "bin:.", "../bin"}) {
        CAPTURE(path);
        CHECK(io::find_program("tool", path).empty());
    }
    std::filesystem::current_path(before);
}

TEST_CASE("a program ends with the fiber that waits for it", "[program_run]") {
    program_rig rig;
    auto script = rig.script("script", R"(printf '%s' $$ >"$DIR/new"; mv "$DIR/new" "$DIR/parent"
sleep 600)");
    core::google::run_program wanted{.arguments = {script}, .timeout = std::chrono::minutes(5)};
    std::promise<void> gone;
    auto fiber = std::make_unique<io::fiber>(rig.thread.loop);
    rig.thread.loop.post([&] {
        fiber->start(run_and_forget(*fiber, wanted, rig.variables), [](std::exception_ptr) {});
    });
    auto until = std::chrono::steady_clock::now() + patience;
    while (rig.read("parent").empty() && std::chrono::steady_clock::now() < until) {
        std::this_thread::yield();
    }
    REQUIRE_FALSE(rig.read("parent").empty());
    rig.thread.loop.post([&] {
        fiber.reset();
        gone.set_value();
    });
    REQUIRE(gone.get_future().wait_for(patience) == std::future_status::ready);
    CHECK_FALSE(rig.runs("parent"));
}
