#pragma once
// A settled node as compact JSON.

#include "core/gemini/schema/node.hpp"

#include <string>

namespace vertex_relay::core::schema {

/// Keywords come in a fixed order, properties in the client's.
std::string write(node const& one);

} // namespace vertex_relay::core::schema
