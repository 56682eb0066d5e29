#pragma once
// JSON Schemas, sound ones and nonsense, the same ones for the same seed.

#include <random>
#include <string>

namespace vertex_relay::tests {

/// A whole schema as JSON text, with definitions that refer to each other. `absurdity` of 0 gives
/// keywords values of the right type only, 100 hardly ever.
std::string random_schema(std::mt19937& random, unsigned absurdity);

} // namespace vertex_relay::tests
