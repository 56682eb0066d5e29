#pragma once
// The variables that point OpenAI's tools at a relay, as commands of a shell.

#include "core/config/config.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core {

/// bash and zsh are the first; csh and tcsh the last.
enum class shell : unsigned char { posix, fish, csh };

/// One argument for that shell, whatever is in it.
std::string quoted_for(shell what, std::string_view text);

/// Text for `eval`. Sets OPENAI_BASE_URL and its kin to the first TCP address of `listen`, and a
/// key: any, or the one in `access.api_key_file`, which the shell reads itself, from whatever
/// directory: make the path absolute. The error says why
/// no tool can be pointed there, and what to do; no comment for the shell, because an interactive
/// zsh takes none.
std::expected<std::string, std::string> set_tool_variables(config const& settings, shell what);

/// Takes the same variables away.
std::string unset_tool_variables(shell what);

} // namespace vertex_relay::core
