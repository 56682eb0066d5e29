#pragma once
// One configured value as it was written, before a setting gives it a meaning. TOML files give
// typed values; variables and flags give text, which `parse_text` turns into the same types.

#include "core/config/settings.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vertex_relay::core {

/// A TOML value no setting takes: a table, a date, a float. `type` is the word for messages.
struct odd_value {
    std::string_view type; ///< a string literal
};

using plain_value =
    std::variant<bool, std::int64_t, std::string, std::vector<std::string>, odd_value>;

/// Reads the text of a variable or flag: `true`/`false`, a whole number, a size such as `32MiB`, or
/// comma-separated items. The error says what was expected, without the key.
std::expected<plain_value, std::string> parse_text(setting const& row, std::string_view text);

/// Checks type, range, choices and grammar, then stores the value in its member of `target`. On
/// error `target` is unchanged and the error says what was expected, without the key.
std::expected<void, std::string> assign(setting const& row, plain_value const& value,
                                        config& target);

/// The value of `row` in `source` in TOML syntax: `"adc"`, `["a", "b"]`, `true`, `1000`.
std::string to_toml(setting const& row, config const& source);

/// A TOML basic string (TOML 1.0, "String"), quotes included.
std::string toml_string(std::string_view text);

/// A TOML array of basic strings.
std::string toml_array(std::vector<std::string> const& items);

} // namespace vertex_relay::core
