#include "cli_help.hpp"

#include "cli_flags.hpp"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <utility>

namespace vertex_relay {

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t help_column = 30; // where the sentences of short lists begin

/// Breaks `text` at spaces into lines from column `indent` on; the first one is already there.
std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    while (!text.empty()) {
        auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        bool first = column == indent;
        if (!first && column + 1 + word.size() > columns) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (!first) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out + '\n';
}

/// `  --flag VALUE        What it does.`
std::string entry(std::string const& name, std::string_view help) {
    auto text = fmt::format("  {:<{}}", name, help_column - 2);
    if (name.size() + 3 > help_column) {
        text = "  " + name + "\n" + std::string(help_column, ' ');
    }
    return text + wrapped(help, help_column);
}

std::string option_name(flag_text const& flag) {
    auto names = flag.short_name.empty() ? flag.name : flag.short_name + ", " + flag.name;
    return flag.value.empty() ? names : names + " " + flag.value;
}

std::string common_options() {
    constexpr std::array<std::string_view, 4> keys{"google.project", "google.location", "listen",
                                                   "default_model"};
    std::string out = "Common options:\n";
    for (auto key : keys) {
        auto const& row = *core::find_setting(key);
        auto flag = flag_of(row);
        flag.name = flag.short_name.empty() ? flag.name : std::exchange(flag.short_name, {});
        out += entry(option_name(flag), row.help);
    }
    for (auto const& flag : general_flags()) {
        out += entry(option_name(flag), flag.help);
    }
    return out;
}

std::string setting_text(core::setting const& row) {
    auto text = fmt::format("  {}\n      {}", option_name(flag_of(row)), wrapped(row.help, 6));
    if (row.words != nullptr) {
        text += "      " + wrapped(fmt::format("Names: {}", fmt::join(row.words(), ", ")), 6);
    }
    text += "      " + wrapped("Default: " + default_text(row), 6);
    return text + fmt::format("      Variable: {}\n", core::variable_name(row.key));
}

std::string all_settings() {
    std::string out;
    std::string_view section = "none yet";
    for (auto const& row : core::settings()) {
        if (core::section_of(row.key) != section) {
            section = core::section_of(row.key);
            out += section.empty() ? "\nGeneral settings:\n"
                                   : fmt::format("\nSettings of [{}]:\n", section);
        }
        out += setting_text(row);
    }
    return out;
}

} // namespace

std::string program_help() {
    std::string out = "vertex-relay: use Google Vertex AI from any tool that speaks the OpenAI "
                      "API.\n"
                      "\n"
                      "Usage: vertex-relay [COMMAND] [OPTIONS]\n"
                      "\n"
                      "  vertex-relay demo                     try it: no account, no network\n"
                      "  vertex-relay --project my-project     the real thing\n"
                      "  vertex-relay doctor                   what is missing, and what to do\n"
                      "\n"
                      "Then point the tool at http://127.0.0.1:8642/v1 with any API key, or let\n"
                      "eval \"$(vertex-relay env)\" set the variables that most tools read.\n"
                      "\n"
                      "Commands:\n";
    for (auto const& row : command_rows()) {
        out += entry(std::string(row.name), row.help);
    }
    out += '\n' + common_options() + '\n';
    out += wrapped("Every setting is also a key in a TOML file and a variable. Later ones win: "
                   "defaults, /etc/vertex-relay/config.toml, "
                   "$XDG_CONFIG_HOME/vertex-relay/config.toml (or the one file of --config or "
                   "$VERTEX_RELAY_CONFIG), variables, flags. Lists are comma-separated; times are "
                   "milliseconds; sizes are bytes or such as 32MiB. A flag without a value turns "
                   "its setting on, =false turns it off. Aliases also come from "
                   "$VERTEX_RELAY_MODELS and the section [models] of a file.",
                   0);
    return out + all_settings();
}

std::string command_help(command_row const& row) {
    auto words = fmt::format("{}", fmt::join(words_of(row.operand), "|"));
    auto out = fmt::format("Usage: vertex-relay {}{} [OPTIONS]\n\n{}\n", row.name,
                           words.empty() ? words : " " + words, row.help);
    if (!row.options.empty()) {
        out += "\nOptions:\n";
        for (auto const& flag : own_flags(row)) {
            out += entry(option_name(flag), flag.help);
        }
    }
    if (row.what == command::simulate) {
        return out;
    }
    return out + "\nEvery setting works here too: 'vertex-relay --help' lists them.\n";
}

std::string version_text() {
    return fmt::format("vertex-relay {} (Boost {}.{}.{}, OpenSSL {})\n", RELAY_VERSION,
                       BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100,
                       OpenSSL_version(OPENSSL_VERSION_STRING));
}

} // namespace vertex_relay
