#include "core/openai/tool_variables.hpp"

#include "core/config/listen_address.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace vertex_relay::core {

namespace {

/// The SDKs of OpenAI and all that is built on them; LiteLLM and aider; GitHub Copilot CLI.
constexpr std::array<std::string_view, 3> url_variables{"OPENAI_BASE_URL", "OPENAI_API_BASE",
                                                        "COPILOT_PROVIDER_BASE_URL"};
constexpr std::string_view key_variable = "OPENAI_API_KEY";

struct chosen_address {
    listen_address address;
    bool found = false;
};

/// The first one of a network.
std::expected<listen_address, std::string> choose(config const& settings) {
    if (settings.listen.empty()) {
        return listen_address{.host = "127.0.0.1", .port = 8642, .path = {}};
    }
    std::string path;
    for (auto const& text : settings.listen) {
        auto address = parse_listen_address(text);
        if (address && !address->is_unix()) {
            return address->port != 0
                       ? *address
                       : std::expected<listen_address, std::string>(
                             std::unexpect,
                             "The relay takes any free port (listen ends with :0), and its line "
                             "'listening' says which: give it one.");
        }
        path = address && path.empty() ? address->path : path;
    }
    return std::unexpected(fmt::format("The relay listens on a Unix socket alone, which OpenAI's "
                                       "tools cannot use: add 127.0.0.1:8642 to listen. By hand: "
                                       "curl --unix-socket {} http://localhost/v1/models",
                                       quoted_for(shell::posix, path)));
}

std::string base_url(listen_address const& address) {
    auto host = address.host == "0.0.0.0" ? "127.0.0.1"
                : address.host == "::"    ? "::1"
                                          : address.host;
    bool v6 = host.contains(':');
    return fmt::format("http://{}{}{}:{}/v1", v6 ? "[" : "", host, v6 ? "]" : "", address.port);
}

std::string assignment(shell what, std::string_view name, std::string_view value) {
    switch (what) {
    case shell::fish: return fmt::format("set -gx {} {}\n", name, value);
    case shell::csh: return fmt::format("setenv {} {};\n", name, value); // its eval joins lines
    case shell::posix: break;
    }
    return fmt::format("export {}={}\n", name, value);
}

std::string key_value(config const& settings, shell what) {
    auto const& file = settings.access.api_key_file;
    if (file.empty()) {
        return "unused"; // SDKs insist on one
    }
    auto read = fmt::format("cat -- {}", quoted_for(what, file));
    return what == shell::fish  ? fmt::format("({})", read)
           : what == shell::csh ? fmt::format("\"`{}`\"", read)
                                : fmt::format("\"$({})\"", read);
}

} // namespace

std::string quoted_for(shell what, std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'') {
            out += what == shell::fish ? "\\'" : "'\\''";
        } else if (c == '\\' && what == shell::fish) {
            out += "\\\\";
        } else {
            out += c;
        }
    }
    return out + "'";
}

std::expected<std::string, std::string> set_tool_variables(config const& settings, shell what) {
    auto address = choose(settings);
    if (!address) {
        return std::unexpected(std::move(address.error()));
    }
    std::string out;
    auto url = quoted_for(what, base_url(*address));
    for (auto name : url_variables) {
        out += assignment(what, name, url);
    }
    return out + assignment(what, key_variable, key_value(settings, what));
}

std::string unset_tool_variables(shell what) {
    std::string out;
    auto add = [&](std::string_view name) {
        out += what == shell::fish  ? fmt::format("set -e {}\n", name)
               : what == shell::csh ? fmt::format("unsetenv {};\n", name)
                                    : fmt::format("unset {}\n", name);
    };
    for (auto name : url_variables) {
        add(name);
    }
    add(key_variable);
    return out;
}

} // namespace vertex_relay::core
