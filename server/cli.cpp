#include "cli.hpp"

#include "cli_commands.hpp"
#include "cli_help.hpp"
#include "cli_layers.hpp"
#include "cli_shell.hpp"
#include "core/ascii.hpp"
#include "core/config/near_miss.hpp"
#include "core/config/settings.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace vertex_relay {

namespace {

usage_result wrong_usage(std::string_view message) {
    return {.exit_code = 2,
            .out = {},
            .err = fmt::format("vertex-relay: {}\nRun 'vertex-relay --help' for every command and "
                               "option.\n",
                               message),
            .reason = std::string(message)};
}

usage_result wrong_configuration(std::vector<core::config_error> const& errors) {
    usage_result result;
    for (auto const& error : errors) {
        result.err += core::describe(error) + '\n';
    }
    auto count = errors.size() == 1 ? "an error" : fmt::format("{} errors", errors.size());
    result.err += fmt::format("vertex-relay: {} in the configuration. Run 'vertex-relay --help' "
                              "for every setting.\n",
                              count);
    result.reason = core::describe(errors.front());
    if (errors.size() > 1) {
        result.reason += fmt::format(" ({} errors in all: vertex-relay check-config)",
                                     errors.size());
    }
    return result;
}

/// The arguments as CLI11 wants them: without the program's name, last one first. `--flag=` becomes
/// two arguments, because CLI11 would take the next one for the missing value.
std::vector<std::string> reversed_arguments(int argc, char const* const* argv) {
    std::vector<std::string> arguments;
    for (int i = 1; i < argc; ++i) {
        std::string argument = argv[i];
        if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
            argument.pop_back();
            arguments.push_back(std::move(argument));
            arguments.emplace_back();
        } else {
            arguments.push_back(std::move(argument));
        }
    }
    if (!arguments.empty() && arguments.front() == "help") { // `help serve`
        arguments.front() = "--help";
        std::ranges::rotate(arguments, arguments.begin() + 1);
    }
    std::ranges::reverse(arguments);
    return arguments;
}

/// A broken configuration must not stop what needs none.
bool reads_files(command what) {
    return what != command::simulate && what != command::completion && what != command::man;
}

/// The options CLI11 knows, built from the tables of settings and commands.
class command_line {
public:
    command_line() { declare(); }

    std::expected<invocation, usage_result> read(std::vector<std::string> arguments,
                                                 environment const& variables,
                                                 file_reader const& read_file);

private:
    void declare();
    void declare_settings();
    void declare_commands();
    std::expected<void, usage_result> parse(std::vector<std::string> arguments);
    command_row const& chosen() const;
    std::string unexpected_argument(std::string const& argument) const;
    std::vector<core::text_layer> flag_layers() const;
    std::expected<void, usage_result> read_own_options(invocation& call,
                                                       environment const& variables) const;
    std::expected<void, usage_result> read_conformance(core::conformance::wishes& wanted) const;
    std::expected<void, usage_result> refuse_settings(invocation const& call) const;
    std::expected<void, usage_result> read_shell(invocation& call,
                                                 environment const& variables) const;
    std::expected<void, usage_result> read_number(std::string_view flag, std::string_view what,
                                                  std::uint16_t& number) const;
    /// The last value of an option of the chosen command; empty if it was not given.
    std::string own(std::string_view flag) const;

    CLI::App app_{"", "vertex-relay"};
    std::vector<std::pair<core::setting const*, CLI::Option*>> settings_;
    CLI::Option* models_ = nullptr;
    CLI::Option* config_file_ = nullptr;
    CLI::Option* help_ = nullptr;
    CLI::Option* version_ = nullptr;
    std::string operand_;
};

CLI::Option* add_repeatable(CLI::App& app, std::string const& names) {
    return app.add_option(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void command_line::declare() {
    app_.set_help_flag();
    app_.allow_extras(); // reported in our own words
    app_.require_subcommand(0, 1);
    help_ = app_.add_flag("-h,--help");
    version_ = app_.add_flag("-V,--version");
    config_file_ = add_repeatable(app_, "--config");
    models_ = add_repeatable(app_, "--model");
    declare_settings();
    declare_commands();
}

void command_line::declare_settings() {
    for (auto const& row : core::settings()) {
        auto names = core::flag_name(row.key);
        if (!row.short_flag.empty()) {
            names += "," + std::string(row.short_flag);
        }
        settings_.emplace_back(&row, core::is_toggle(row) ? app_.add_flag(names)
                                                          : add_repeatable(app_, names));
    }
}

void command_line::declare_commands() {
    for (auto const& row : command_rows()) {
        auto* command = app_.add_subcommand(std::string(row.name));
        command->set_help_flag();
        command->fallthrough(); // settings work before and after the command's name
        for (auto const& option : row.options) {
            if (option.placeholder.empty()) {
                command->add_flag(std::string(option.flag));
            } else {
                add_repeatable(*command, std::string(option.flag));
            }
        }
    }
}

command_row const& command_line::chosen() const {
    auto parsed = app_.get_subcommands();
    for (auto const& row : command_rows()) {
        if (!parsed.empty() && parsed.front()->get_name() == row.name) {
            return row;
        }
    }
    return command_rows().front();
}

std::string command_line::unexpected_argument(std::string const& argument) const {
    if (argument == "true" || argument == "false") {
        return fmt::format("unexpected argument {0}; write it as --flag={0}", argument);
    }
    bool option = argument.starts_with('-');
    std::vector<std::string> names;
    if (option) {
        for (auto const& [row, known] : settings_) {
            names.push_back(core::flag_name(row->key));
        }
        for (auto const* flag : {"--model", "--config", "--project", "--location", "--version"}) {
            names.emplace_back(flag);
        }
        for (auto const& own_option : chosen().options) {
            names.emplace_back(own_option.flag);
        }
    } else {
        for (auto const& row : command_rows()) {
            names.emplace_back(row.name);
        }
    }
    names.emplace_back("--help");
    std::vector<std::string_view> views(names.begin(), names.end());
    auto near = core::nearest(argument.substr(0, argument.find('=')), views);
    bool second = !option && !app_.get_subcommands().empty();
    return fmt::format("{} {}{}", option ? "unknown option" : second ? "unexpected argument"
                                                                     : "unknown command",
                       argument,
                       near.empty() || second ? "" : fmt::format(", did you mean {}?", near));
}

std::expected<void, usage_result> command_line::parse(std::vector<std::string> arguments) {
    try {
        app_.parse(arguments);
    } catch (CLI::ArgumentMismatch const& wrong) {
        std::string text = wrong.what(); // `--listen: 1 required …`
        return std::unexpected(wrong_usage(text.substr(0, text.find(':')) + " needs a value"));
    } catch (CLI::ParseError const& wrong) {
        return std::unexpected(wrong_usage(wrong.what()));
    }
    if (help_->count() > 0) {
        bool general = app_.get_subcommands().empty();
        return std::unexpected(usage_result{
            .exit_code = 0, .out = general ? program_help() : command_help(chosen()), .err = {}});
    }
    if (version_->count() > 0) {
        return std::unexpected(usage_result{.exit_code = 0, .out = version_text(), .err = {}});
    }
    auto extras = app_.remaining(true);
    bool operand = !extras.empty() && !extras.front().starts_with('-');
    if (operand && !chosen().operand.empty()) {
        operand_ = extras.front();
        extras.erase(extras.begin());
    }
    if (!extras.empty()) {
        return std::unexpected(wrong_usage(unexpected_argument(extras.front())));
    }
    return {};
}

/// A scalar given twice means its last value; a list, and aliases, all of them.
std::vector<core::text_layer> command_line::flag_layers() const {
    std::vector<core::text_layer> layers;
    for (auto const& [row, option] : settings_) {
        auto const& texts = option->results();
        if (!texts.empty()) {
            auto text = core::is_list(*row) ? fmt::format("{}", fmt::join(texts, ","))
                                            : texts.back();
            layers.push_back({std::string(row->key), text, core::flag_name(row->key)});
        }
    }
    for (auto const& text : models_->results()) {
        layers.push_back({"models", text, "--model"});
    }
    return layers;
}

std::string command_line::own(std::string_view flag) const {
    auto const& options = chosen().options;
    bool known = std::ranges::find(options, flag, &command_option::flag) != options.end();
    if (!known) {
        return {};
    }
    auto const* option = app_.get_subcommands().front()->get_option(std::string(flag));
    return option->results().empty() ? std::string() : option->results().back();
}

/// An option that is absent or empty means 0.
std::expected<void, usage_result> command_line::read_number(std::string_view flag,
                                                            std::string_view what,
                                                            std::uint16_t& number) const {
    auto text = own(flag);
    auto parsed = core::ascii::parse_decimal<std::uint16_t>(text);
    if (!text.empty() && !parsed) {
        return std::unexpected(
            wrong_usage(fmt::format("{} {}: expected {} from 0 to 65535", flag, text, what)));
    }
    number = parsed.value_or(0);
    return {};
}

std::expected<void, usage_result>
command_line::read_shell(invocation& call, environment const& variables) const {
    bool env = call.what == command::env;
    if (!env && call.what != command::completion) {
        return {};
    }
    auto const& options = chosen().options;
    auto flag = std::ranges::find(options, "--shell", &command_option::flag);
    auto login = variables.find("SHELL");
    auto choice = choose_shell(env ? own("--shell") : operand_,
                               login == variables.end() ? std::string() : login->second,
                               env ? flag->choices : chosen().operand);
    if (!choice) {
        return std::unexpected(wrong_usage(choice.error()));
    }
    call.shell = std::move(choice->name);
    if (!choice->notice.empty()) {
        call.notices.push_back(std::move(choice->notice));
    }
    return {};
}

std::expected<void, usage_result>
command_line::read_own_options(invocation& call, environment const& variables) const {
    call.json = own("--json") == "true";
    call.explain = own("--explain") == "true";
    call.requests = own("--no-requests") != "true";
    call.unset = own("--unset") == "true";
    if (auto shell = read_shell(call, variables); !shell) {
        return shell;
    }
    if (auto alone = refuse_settings(call); !alone) {
        return alone;
    }
    auto& simulate = call.simulate;
    simulate.dir = own("--dir");
    simulate.script = own("--script");
    simulate.replay = own("--replay");
    simulate.project = own("--project");
    if (simulate.project.empty()) {
        simulate.project = call.loaded.config.google.project;
    }
    simulate.list_faults = own("--list-faults") == "true";
    simulate.trace = own("--trace") == "true";
    auto read = read_number("--port", "a port", simulate.port);
    read = read ? read_number("--metadata-port", "a port", simulate.metadata_port) : read;
    read = read ? read_number("--token-lifetime", "seconds", simulate.token_seconds) : read;
    return read ? read_conformance(call.conformance) : read;
}

/// Of all settings `simulate` heeds one: another would do nothing, and nobody would know.
std::expected<void, usage_result> command_line::refuse_settings(invocation const& call) const {
    if (call.what != command::simulate) {
        return {};
    }
    for (auto const& [row, option] : settings_) {
        if (option->count() > 0 && row->key != "google.project") {
            return std::unexpected(
                wrong_usage(fmt::format("simulate takes no {}", core::flag_name(row->key))));
        }
    }
    return {};
}

/// What is absent or empty keeps its default.
std::expected<void, usage_result>
command_line::read_conformance(core::conformance::wishes& wanted) const {
    core::ascii::for_each_item(own("--only"),
                               [&](std::string_view name) { wanted.only.emplace_back(name); });
    auto set = [this](std::string& text, std::string_view flag) {
        auto given = own(flag);
        text = given.empty() ? text : given;
    };
    set(wanted.gemini, "--gemini");
    set(wanted.open_model, "--open-model");
    set(wanted.captures, "--captures");
    wanted.yes = own("--yes") == "true";
    wanted.list = own("--list") == "true";
    wanted.json = own("--json") == "true";
    std::uint16_t tokens = 0;
    std::uint16_t seconds = 0;
    auto read = read_number("--max-tokens", "tokens", tokens);
    read = read ? read_number("--timeout", "seconds", seconds) : read;
    wanted.max_tokens = tokens > 0 ? tokens : wanted.max_tokens;
    wanted.call_seconds = seconds > 0 ? seconds : wanted.call_seconds;
    return read;
}

std::expected<invocation, usage_result> command_line::read(std::vector<std::string> arguments,
                                                           environment const& variables,
                                                           file_reader const& read_file) {
    if (auto parsed = parse(std::move(arguments)); !parsed) {
        return std::unexpected(parsed.error());
    }
    invocation call;
    call.what = chosen().what;
    auto const& named = config_file_->results();
    if (!named.empty() && named.back().empty()) {
        return std::unexpected(wrong_usage("--config needs the name of a file"));
    }
    layer_request request{.config_file = named.empty() ? std::string() : named.back(),
                          .default_files = reads_files(call.what)};
    auto found = find_layers(request, variables, read_file);
    bool lenient = call.what == command::doctor; // it tells what is wrong among other things
    if (!found.fault.empty() && !lenient) {
        return std::unexpected(wrong_usage(found.fault));
    }
    call.notices = std::move(found.notices);
    for (auto const& file : found.layers.files) {
        call.config_files.push_back(file.name);
    }
    found.layers.flags = flag_layers();
    auto read = core::load_partly(found.layers);
    if (!read.errors.empty() && !lenient) {
        return std::unexpected(wrong_configuration(read.errors));
    }
    call.loaded = std::move(read.loaded);
    if (!found.fault.empty()) {
        call.faults.push_back(found.fault);
    }
    std::ranges::transform(read.errors, std::back_inserter(call.faults), core::describe);
    if (auto options = read_own_options(call, variables); !options) {
        return std::unexpected(options.error());
    }
    return call;
}

} // namespace

std::expected<invocation, usage_result> parse_command_line(int argc, char const* const* argv,
                                                           environment const& variables,
                                                           file_reader const& read_file) {
    command_line line;
    return line.read(reversed_arguments(argc, argv), variables, read_file);
}

} // namespace vertex_relay
