#pragma once
// How often a test by luck is tried: once by day, a hundred times by night.

#include <algorithm>
#include <cstdlib>

namespace vertex_relay::tests {

/// $RELAY_REPEAT, or 1.
inline int repetitions() {
    auto const* text = std::getenv("RELAY_REPEAT");
    return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

} // namespace vertex_relay::tests
