#include "io/program_run.hpp"

#include "io/child_process.hpp"
#include "io/shorter_deadline.hpp"

#include <openssl/crypto.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace vertex_relay::io {

namespace {

using core::google::program_outcome;
using core::google::program_output_bytes_max;
using kind = program_outcome::kind;

constexpr std::size_t errors_bytes_max = 4 * 1024;
constexpr auto time_to_clean_up = std::chrono::seconds(2);

/// Everything of `from` that is there now; more than `bytes_max` is read and dropped. `into` has
/// the room already, so that no outgrown copy stays behind. True if something did not fit.
bool drain(watched_descriptor& from, std::string& into, std::size_t bytes_max) {
    std::array<char, 4096> chunk;
    bool dropped = false;
    while (from.is_open()) {
        auto got = ::read(from.get(), chunk.data(), chunk.size());
        if (got > 0) {
            auto bytes = static_cast<std::size_t>(got);
            auto room = bytes_max - into.size();
            into.append(chunk.data(), std::min(bytes, room));
            dropped |= bytes > room;
        } else if (got == 0 || errno != EINTR) {
            if (got == 0 || errno != EAGAIN) {
                from.close();
            }
            break;
        }
    }
    OPENSSL_cleanse(chunk.data(), chunk.size());
    return dropped;
}

struct output {
    output() {
        text.reserve(program_output_bytes_max);
        errors.reserve(errors_bytes_max);
    }
    ~output() { OPENSSL_cleanse(text.data(), text.size()); }
    output(output const&) = delete;
    output& operator=(output const&) = delete;

    void take(child_process& child) {
        too_long |= drain(child.output, text, program_output_bytes_max);
        drain(child.errors, errors, errors_bytes_max);
    }
    std::string text;
    std::string errors;
    bool too_long = false;
};

/// True when the child has ended; false when the sleeper was stopped first.
task<bool> wait_for_end(fiber& sleeper, child_process& child, output& written) {
    while (true) {
        bool gone = child.ended().has_value();
        written.take(child); // looked at after the end, so that nothing is missed
        if (gone || written.too_long) {
            co_return gone;
        }
        if (sleeper.stopped() != cause::none) {
            co_return false;
        }
        co_await sleeper.sleep();
    }
}

std::vector<std::string> environment_of(core::google::run_program const& program,
                                        core::google::environment const& variables) {
    auto out = variables.entries();
    auto named = [](std::string const& name) {
        return
            [prefix = name + "="](std::string const& entry) { return entry.starts_with(prefix); };
    };
    for (auto const& [name, value] : program.variables) {
        std::erase_if(out, named(name));
        out.push_back(name + "=" + value);
    }
    return out;
}

program_outcome not_started(int error) {
    bool missing = error == ENOENT || error == ENOTDIR;
    return {.what = missing ? kind::not_found : kind::not_started, .reason = std::strerror(error)};
}

program_outcome outcome_of(child_process::end const& end, output& written) {
    if (written.too_long) { // it ended before it was stopped
        return {.what = kind::too_long, .errors = written.errors};
    }
    return {.what = end.exited ? kind::exited : kind::killed,
            .status = end.status,
            .output = core::secret(std::exchange(written.text, {})),
            .errors = written.errors};
}

} // namespace

task<program_outcome> run_to_end(fiber& sleeper, core::google::run_program const& program,
                                 core::google::environment const& variables) {
    auto path = find_program(program.arguments.front(), variables.get("PATH"));
    if (path.empty()) {
        co_return not_started(ENOENT);
    }
    child_process child(sleeper);
    int failed = child.start(path, program.arguments, environment_of(program, variables));
    if (failed != 0) {
        co_return not_started(failed);
    }
    output written;
    bool ended = false;
    {
        shorter_deadline deadline(sleeper);
        deadline.set(sleeper.loop().now() + program.timeout);
        ended = co_await wait_for_end(sleeper, child, written);
    }
    if (!ended && sleeper.stopped() != cause::shutdown) { // at shutdown the destructor is enough
        auto limit = sleeper.limit();
        child.signal(SIGTERM);
        sleeper.expires_after(time_to_clean_up);
        bool too_long = std::exchange(written.too_long, false);
        co_await wait_for_end(sleeper, child, written);
        sleeper.expires_at(limit);
        co_return program_outcome{.what = too_long ? kind::too_long : kind::timed_out,
                                  .errors = written.errors};
    }
    auto end = child.ended();
    co_return end ? outcome_of(*end, written) : program_outcome{.what = kind::timed_out};
}

} // namespace vertex_relay::io
