#pragma once
// Dropped constraints as short English sentences.

#include "core/gemini/schema/node.hpp"

#include <simdjson.h>

#include <span>
#include <string>
#include <string_view>

namespace vertex_relay::core::schema {

/// Longest piece of a client's JSON that is quoted in a sentence.
constexpr std::size_t quote_max = 300;

/// `first` and then `second`, as two sentences; one of them if it says it all.
std::string join_sentences(std::string_view first, std::string_view second);

/// The value as compact JSON; empty if it is longer than `quote_max`.
std::string quoted_json(simdjson::dom::element value);

/// `Allowed values: "a", 1.`, or `Must be 1.` for a single one; long lists end in an ellipsis.
std::string allowed_values(std::span<choice const> choices);

/// What a value looks like in two or three words: `string (a city)`, `array of integer`.
std::string outline(node const& one);

/// `"a", "b" and "c"`.
std::string enumerate(std::span<std::string const> names);

/// The description with the notes behind it.
std::string whole_description(node const& one);

/// Adds a note once.
void add_note(node& to, std::string note);

} // namespace vertex_relay::core::schema
