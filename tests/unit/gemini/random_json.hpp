#pragma once
// Valid JSON documents of every shape, the same ones for the same seed.

#include <random>
#include <string>

namespace vertex_relay::tests {

/// At most about `values` values; odd blanks, escapes of every kind, characters of one to four
/// bytes, keys that stand twice, strings full of quotes and braces.
std::string random_json(std::mt19937& random, int values);

/// A quoted string as a client may write it.
std::string random_json_string(std::mt19937& random);

} // namespace vertex_relay::tests
