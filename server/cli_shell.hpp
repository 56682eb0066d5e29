#pragma once
// For which shell something is written.

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay {

struct shell_choice {
    std::string name;   ///< one of those supported
    std::string notice; ///< to be shown with it; empty: none
};

/// The shell that was `named`; else the login shell, a path as `$SHELL` has it, if it is supported;
/// else bash, with a notice if the login shell does not read what bash reads. `supported` is a list
/// with commas. The error is one line.
std::expected<shell_choice, std::string>
choose_shell(std::string_view named, std::string_view login, std::string_view supported);

} // namespace vertex_relay
