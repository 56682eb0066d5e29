#include "cli.hpp"
#include "cli_commands.hpp"
#include "cli_completion.hpp"
#include "core/config/settings.hpp"
#include "core/gemini/repair.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <filesystem>
#include <sstream>

using namespace vertex_relay;

namespace {

std::expected<std::string, std::error_code> no_file(std::string const&) {
    return std::unexpected(std::make_error_code(std::errc::no_such_file_or_directory));
}

std::expected<invocation, usage_result> parse(std::vector<char const*> arguments,
                                              environment const& variables = {},
                                              file_reader const& files = no_file) {
    arguments.insert(arguments.begin(), "vertex-relay");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data(), variables,
                              files);
}

/// The first line on stderr of a command line that must be refused with exit code 2.
std::string refusal(std::vector<char const*> arguments) {
    auto call = parse(std::move(arguments));
    REQUIRE_FALSE(call);
    CHECK(call.error().exit_code == 2);
    CHECK(call.error().out.empty());
    return call.error().err.substr(0, call.error().err.find('\n'));
}

} // namespace

TEST_CASE("serve is the command when none is given", "[cli]") {
    auto call = parse({});
    REQUIRE(call);
    CHECK(call->what == command::serve);
    CHECK(call->loaded.origins.empty());
}

TEST_CASE("settings work before, after and without the command", "[cli]") {
    std::vector<std::vector<char const*>> const spellings{
        {"--project", "p-1", "--retry-max=0"},
        {"serve", "--project=p-1", "--retry-max", "0"},
        {"--google-project", "p-1", "serve", "--retry-max=0"},
    };
    for (auto const& arguments : spellings) {
        auto call = parse(arguments);
        REQUIRE(call);
        CHECK(call->what == command::serve);
        CHECK(call->loaded.config.google.project == "p-1");
        CHECK(call->loaded.config.retry.max == 0);
        CHECK(call->loaded.origin("google.project") == "--google-project");
    }
}

TEST_CASE("every command is found by its name", "[cli]") {
    for (auto const& row : command_rows()) {
        CAPTURE(row.name);
        auto call = parse({row.name.data()});
        REQUIRE(call);
        CHECK(call->what == row.what);
    }
}

TEST_CASE("every setting is a flag", "[cli]") {
    for (auto const& row : core::settings()) {
        auto flag = core::flag_name(row.key);
        CAPTURE(flag);
        bool toggle = core::is_toggle(row);
        auto wrong = refusal({(toggle ? flag + "=maybe" : flag).c_str()});
        CHECK(wrong.find(toggle ? std::string(row.key) : "needs a value") != std::string::npos);
    }
}

TEST_CASE("toggles stand alone or take =false", "[cli]") {
    auto call = parse({"--access-lenient-content-type", "--log-access=false"});
    REQUIRE(call);
    CHECK(call->loaded.config.access.lenient_content_type);
    CHECK_FALSE(call->loaded.config.log.access);
    CHECK(refusal({"--log-access", "false"}).find("--flag=false") != std::string::npos);
}

TEST_CASE("lists gather, scalars take the last, an empty value resets", "[cli]") {
    auto call = parse({"--listen", "127.0.0.1:1", "--listen=[::1]:2,unix:/run/a.sock", "--workers",
                       "2", "--workers", "3", "--model", "a=google/x", "--model", "b=123",
                       "--project=", "serve"});
    REQUIRE(call);
    CHECK(call->what == command::serve);
    CHECK(call->loaded.config.listen ==
          std::vector<std::string>{"127.0.0.1:1", "[::1]:2", "unix:/run/a.sock"});
    CHECK(call->loaded.config.workers == 3);
    CHECK(call->loaded.config.google.project.empty());
    REQUIRE(call->loaded.config.models.size() == 2);
    CHECK(call->loaded.config.models[1].endpoint == "123");
}

TEST_CASE("flags win over variables, and those over files", "[cli]") {
    file_reader files = [](std::string const& path) {
        return path == "/named" ? std::expected<std::string, std::error_code>(
                                      "workers = 2\n[retry]\nmax = 5\nbudget_ms = 7\n")
                                : no_file(path);
    };
    auto call = parse({"--config", "/named", "--workers=4"},
                      {{"VERTEX_RELAY_WORKERS", "3"}, {"VERTEX_RELAY_RETRY_MAX", "6"}}, files);
    REQUIRE(call);
    CHECK(call->loaded.config.workers == 4);
    CHECK(call->loaded.config.retry.max == 6);
    CHECK(call->loaded.config.retry.budget_ms == core::milliseconds(7));
    CHECK(call->loaded.origin("retry.budget_ms") == "/named:4:1");
}

TEST_CASE("wrong usage is one line that says what to write, and a hint", "[cli]") {
    CHECK(refusal({"--lisen", "x"}) ==
          "vertex-relay: unknown option --lisen, did you mean --listen?");
    CHECK(refusal({"--retry-mox=3"}) ==
          "vertex-relay: unknown option --retry-mox=3, did you mean --retry-max?");
    CHECK(refusal({"srve"}) == "vertex-relay: unknown command srve, did you mean serve?");
    CHECK(refusal({"serve", "demo"}) == "vertex-relay: unexpected argument demo");
    CHECK(refusal({"health", "--json"}) == "vertex-relay: unknown option --json");
    CHECK(refusal({"--config="}) == "vertex-relay: --config needs the name of a file");
    CHECK(refusal({"--config", "/missing"}).find("/missing") != std::string::npos);
    auto call = parse({"-x"});
    REQUIRE_FALSE(call);
    CHECK(call.error().err.find("Run 'vertex-relay --help'") != std::string::npos);
}

TEST_CASE("a wrong configuration lists every error", "[cli]") {
    auto call = parse({"--workers=0", "--log-level=loud", "check-config"});
    REQUIRE_FALSE(call);
    CHECK(call.error().exit_code == 2);
    CHECK(call.error().err.find("--workers: workers: 0 is out of range") != std::string::npos);
    CHECK(call.error().err.find("--log-level: log.level: \"loud\"") != std::string::npos);
    CHECK(call.error().err.find("2 errors in the configuration") != std::string::npos);
    CHECK(refusal({"--listen=0.0.0.0:1"}).find("--access-allow-remote") != std::string::npos);
}

TEST_CASE("simulate has options of its own and reads no usual file", "[cli]") {
    file_reader broken = [](std::string const&) -> std::expected<std::string, std::error_code> {
        return "not toml";
    };
    auto call = parse({"simulate", "--port", "8443", "--metadata-port=0", "--dir", "/d", "--script",
                       "/s", "--project", "sim", "--token-lifetime", "8", "--trace",
                       "--list-faults"},
                      {}, broken);
    REQUIRE(call);
    CHECK(call->what == command::simulate);
    CHECK(call->simulate.port == 8443);
    CHECK(call->simulate.metadata_port == 0);
    CHECK(call->simulate.dir == "/d");
    CHECK(call->simulate.script == "/s");
    CHECK(call->simulate.project == "sim");
    CHECK(call->simulate.token_seconds == 8);
    CHECK(call->simulate.trace);
    CHECK(call->simulate.list_faults);
    CHECK_FALSE(parse({"serve"}, {}, broken));
    for (auto port : {"65536", "-1", "x", "1.5"}) {
        CAPTURE(port);
        CHECK(refusal({"simulate", "--port", port}).find("0 to 65535") != std::string::npos);
    }
    CHECK(refusal({"simulate", "--token-lifetime", "1h"}).find("expected seconds") !=
          std::string::npos);
    auto outer = parse({"--project", "outer", "simulate"});
    REQUIRE(outer);
    CHECK(outer->simulate.project == "outer");
    CHECK(refusal({"simulate", "--listen", "127.0.0.1:1"}).find("simulate takes no --listen") !=
          std::string::npos);
}

TEST_CASE("help is asked for as a command, too", "[cli]") {
    for (auto const& [asked, same] : std::vector<std::array<std::vector<char const*>, 2>>{
             {{{"help"}, {"--help"}}}, {{{"help", "env"}, {"env", "--help"}}}}) {
        auto help = parse(asked);
        REQUIRE_FALSE(help);
        CHECK(help.error().exit_code == 0);
        CHECK(help.error().out == parse(same).error().out);
    }
    CHECK_FALSE(refusal({"env", "help"}).empty()); // an argument of a command is none
}

TEST_CASE("print-token has its two switches", "[cli]") {
    auto call = parse({"print-token", "--json"});
    REQUIRE(call);
    CHECK(call->json);
    CHECK_FALSE(call->explain);
    call = parse({"print-token", "--explain"});
    REQUIRE(call);
    CHECK(call->explain);
}

TEST_CASE("doctor, env and completion have their switches", "[cli]") {
    auto call = parse({"doctor", "--no-requests", "--json"});
    REQUIRE(call);
    CHECK_FALSE(call->requests);
    CHECK(call->json);
    call = parse({"env", "--unset"}, {{"SHELL", "/usr/bin/fish"}});
    REQUIRE(call);
    CHECK(call->unset);
    CHECK(call->shell == "fish");
    call = parse({"completion", "zsh"}, {{"SHELL", "/usr/bin/fish"}});
    REQUIRE(call);
    CHECK(call->shell == "zsh");
    CHECK(parse({"completion"}, {{"SHELL", "/bin/dash"}})->shell == "bash");
    CHECK(refusal({"completion", "tcsh"}) ==
          "vertex-relay: unknown shell tcsh: expected bash, zsh or fish");
    CHECK(refusal({"env", "--shell=nu"}).ends_with("nu: expected bash, zsh, fish or tcsh"));
    CHECK(refusal({"completion", "bash", "zsh"}) == "vertex-relay: unexpected argument zsh");
    CHECK(refusal({"completion", "--jsno", "zsh"}).contains("--jsno"));
    CHECK(refusal({"env", "zsh"}) == "vertex-relay: unexpected argument zsh");
}

TEST_CASE("a login shell that is not supported is told so", "[cli]") {
    struct row {
        char const* command;
        std::string login;
        std::string shell;
        bool told;
    };
    auto one = GENERATE(row{"env", "/bin/tcsh", "tcsh", false}, row{"env", "csh", "tcsh", false},
                        row{"env", "/usr/bin/nu", "bash", true}, row{"env", "", "bash", false},
                        row{"env", "/bin/ksh", "bash", false},
                        row{"completion", "/bin/tcsh", "bash", true},
                        row{"models", "/usr/bin/nu", "", false});
    auto call = parse({one.command}, {{"SHELL", one.login}});
    REQUIRE(call);
    CHECK(call->shell == one.shell);
    REQUIRE(call->notices.size() == (one.told ? 1 : 0));
    CHECK((!one.told || call->notices[0].contains("this is for bash")));
}

TEST_CASE("completions know every command and setting", "[cli]") {
    for (auto shell : {"bash", "zsh", "fish"}) {
        auto script = completion_script(shell);
        for (auto const& row : command_rows()) {
            CHECK(script.contains(row.name));
        }
        for (auto const& row : core::settings()) {
            CAPTURE(shell, row.key);
            CHECK(script.contains(core::flag_name(row.key).substr(2)));
        }
    }
}

TEST_CASE("help names every command, setting and variable", "[cli]") {
    auto call = parse({"--help"});
    REQUIRE_FALSE(call);
    CHECK(call.error().exit_code == 0);
    CHECK(call.error().err.empty());
    auto const& text = call.error().out;
    CHECK(text.find("Usage: vertex-relay [COMMAND] [OPTIONS]") < text.find("Commands:"));
    CHECK(text.find("Commands:") < text.find("Common options:"));
    for (auto const& row : command_rows()) {
        CHECK(text.find("\n  " + std::string(row.name) + " ") != std::string::npos);
    }
    for (auto const& row : core::settings()) {
        CAPTURE(row.key);
        CHECK(text.find(core::flag_name(row.key)) != std::string::npos);
        CHECK(text.find("Variable: " + core::variable_name(row.key) + "\n") != std::string::npos);
    }
    for (auto name : core::repair_names()) {
        CAPTURE(name);
        CHECK(text.find(name) != std::string::npos);
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        CHECK(line.size() <= 80);
    }
}

TEST_CASE("help after a command is about that command", "[cli]") {
    auto call = parse({"simulate", "-h"});
    REQUIRE_FALSE(call);
    CHECK(call.error().exit_code == 0);
    CHECK(call.error().out.starts_with("Usage: vertex-relay simulate [OPTIONS]\n"));
    CHECK(call.error().out.find("--list-faults") != std::string::npos);
}

TEST_CASE("the version names the libraries", "[cli]") {
    auto call = parse({"--version"});
    REQUIRE_FALSE(call);
    CHECK(call.error().exit_code == 0);
    CHECK(call.error().out.starts_with("vertex-relay " RELAY_VERSION " (Boost 1."));
    CHECK(call.error().out.find("OpenSSL 3.") != std::string::npos);
}

TEST_CASE("files are read whole, directories and missing ones are errors", "[cli]") {
    auto shipped = read_text_file(RELAY_SHIPPED_CONFIG);
    REQUIRE(shipped);
    CHECK(shipped->size() == std::filesystem::file_size(RELAY_SHIPPED_CONFIG));
    auto missing = read_text_file(std::string(RELAY_SHIPPED_CONFIG) + ".missing");
    REQUIRE_FALSE(missing);
    CHECK(missing.error() == std::errc::no_such_file_or_directory);
    auto directory = read_text_file("/");
    REQUIRE_FALSE(directory);
    CHECK(directory.error() == std::errc::is_a_directory);
}

TEST_CASE("doctor alone goes on with what was understood", "[cli]") {
    auto const* file = "--config=/missing";
    CHECK(refusal({"serve", file}).contains("/missing"));
    auto call = parse({"doctor", file, "--workers=0", "--project=mine"});
    REQUIRE(call);
    REQUIRE(call->faults.size() == 2);
    CHECK(call->faults[0].contains("/missing"));
    CHECK(call->faults[1].starts_with("--workers: workers: "));
    CHECK(call->loaded.config.google.project == "mine");
    CHECK(refusal({"doctor", "--jsno"}).contains("did you mean --json?"));
}
