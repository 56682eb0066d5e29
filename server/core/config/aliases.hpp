#pragma once
// `[models]`: from an entry as it was written to a checked route.

#include "core/config/plain_value.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// One field of an entry; a bare string target is the one field `model`.
struct alias_field {
    std::string name; ///< `endpoint`
    plain_value value;
    std::string where; ///< `file:line:column`
};

struct alias_entry {
    std::string name; ///< alias or pattern
    std::string where;
    std::vector<alias_field> fields;
};

struct alias_problem {
    std::string where;
    std::string field; ///< empty: the entry as a whole
    std::string message;
};

/// Checks every field and that exactly one of `model` and `endpoint` is given.
std::expected<model_route, std::vector<alias_problem>> read_alias(alias_entry const& entry);

/// `NAME=TARGET` of `--model`, split at the last `=` because a target has none. TARGET is
/// `publisher/model`, or the id of an own endpoint.
std::expected<alias_entry, std::string> parse_alias(std::string_view text);

/// The route as a TOML value: a string if it has nothing but a model, else an inline table.
std::string route_to_toml(model_route const& route);

/// The fields a table in `[models]` may have.
std::vector<std::string_view> alias_field_names();

} // namespace vertex_relay::core
