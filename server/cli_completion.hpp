#pragma once
// What a shell needs to complete the command line: a script made of the tables of settings and
// commands.

#include <string>
#include <string_view>

namespace vertex_relay {

/// `shell` is bash, zsh or fish.
std::string completion_script(std::string_view shell);

} // namespace vertex_relay
