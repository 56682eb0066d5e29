#pragma once
// An access line read again, to show it in another form.

#include "core/exchange_record.hpp"

namespace vertex_relay::core {

/// The record a line of access_line_json was made of, as far as it is in the line; nothing if it is
/// none.
std::optional<exchange_record> read_access_line(std::string_view json);

/// The line for people of one that came as JSON: its time of day, then as access_line_text. What is
/// no access line comes back as it is.
std::string access_line_for_people(std::string_view json, bool colours);

} // namespace vertex_relay::core
