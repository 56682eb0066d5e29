#include "cli_shell.hpp"

#include "cli_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace vertex_relay {

namespace {

/// What reads the syntax of POSIX; none at all is taken for one.
constexpr std::array<std::string_view, 6> like_bash{"", "sh", "dash", "ash", "ksh", "mksh"};

/// The two are one language.
std::string_view known_name(std::string_view shell) { return shell == "csh" ? "tcsh" : shell; }

bool is_among(auto const& names, std::string_view name) {
    return std::ranges::find(names, name) != std::end(names);
}

} // namespace

std::expected<shell_choice, std::string>
choose_shell(std::string_view named, std::string_view login, std::string_view supported) {
    auto names = words_of(supported);
    auto last = names.back();
    auto list = fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), last);
    auto name = known_name(named.empty() ? login.substr(login.rfind('/') + 1) : named);
    if (is_among(names, name)) {
        return shell_choice{std::string(name), {}};
    }
    if (!named.empty()) {
        return std::unexpected(fmt::format("unknown shell {}: expected {}", named, list));
    }
    auto notice = fmt::format("this is for bash, because $SHELL is {}; name {} for another", name,
                              list);
    return shell_choice{"bash", is_among(like_bash, name) ? std::string() : notice};
}

} // namespace vertex_relay
