#pragma once
// The command line: what to do, with which configuration. It reads nothing by itself: arguments,
// environment and files are handed in.

#include "core/config/load.hpp"
#include "core/conformance/plan.hpp"

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace vertex_relay {

enum class command {
    serve,
    demo,
    simulate,
    doctor,
    env,
    models,
    print_token,
    tail,
    health,
    check_config,
    conformance,
    completion,
    man,
};

/// Options of `simulate` alone.
struct simulate_options {
    std::uint16_t port = 0;          ///< 0: any free port
    std::uint16_t metadata_port = 0; ///< 0: any free port
    std::string dir;                 ///< where its files go; empty: a new private directory
    std::string script;              ///< a file with a sequence of faults; empty: none
    std::string replay;              ///< a directory of captures to give again; empty: none
    std::string project;             ///< empty: the simulator's own default
    std::uint16_t token_seconds = 0; ///< what its tokens live for; 0: the simulator's own default
    bool trace = false;              ///< print what happens
    bool list_faults = false;
};

/// A command line that was understood, with the configuration it leads to. Immutable afterwards.
struct invocation {
    command what = command::serve;
    core::loaded_config loaded;
    simulate_options simulate;
    core::conformance::wishes conformance;
    bool json = false;                ///< print-token, doctor, tail: JSON for programs
    bool explain = false;             ///< print-token: how the token was found
    bool requests = true;             ///< doctor: ask models
    bool unset = false;               ///< env: take the variables away
    std::string shell = {};           ///< env, completion: a name of their tables
    std::vector<std::string> config_files; ///< those that were read
    std::vector<std::string> notices; ///< one line each, to be logged as warnings
    std::vector<std::string> faults;  ///< doctor alone: what is wrong in the configuration
};

/// A command line that ends here: `--help`, `--version`, or something wrong with it.
struct usage_result {
    int exit_code = 2; ///< 0 for help and version, 2 for wrong usage or configuration
    std::string out;   ///< for stdout, ends with a newline
    std::string err;   ///< for stderr, ends with a newline
    std::string reason = {}; ///< what is wrong, in one line without the program's name
};

using environment = std::map<std::string, std::string, std::less<>>;

/// The text of a file, or why not. `errc::no_such_file_or_directory` means there is none.
using file_reader =
    std::function<std::expected<std::string, std::error_code>(std::string const& path)>;

/// Reads the command line and every layer of the configuration. `simulate`, `completion` and `man`
/// read no configuration file unless one is named, so that a broken one does not stop them. A
/// configuration that is wrong stops every other command but `doctor`, which gets what was
/// understood of it.
std::expected<invocation, usage_result> parse_command_line(int argc, char const* const* argv,
                                                           environment const& variables,
                                                           file_reader const& read_file);

/// A copy of the process environment, `environ`.
environment process_environment();

/// Reads a file of at most 1 MiB, the largest configuration file accepted.
std::expected<std::string, std::error_code> read_text_file(std::string const& path);

} // namespace vertex_relay
