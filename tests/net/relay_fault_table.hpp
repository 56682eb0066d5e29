#pragma once
// For each fault of the simulator what a client of the relay must see.

#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

enum class fate : unsigned char {
    success, ///< the whole answer, ended cleanly
    refused, ///< an error with a status
    broken,  ///< whole events, an error event, an end without the last chunk
};

struct outcome {
    fate what = fate::success;
    int status = 200;
    std::string code = {};
    bool reusable = true; ///< the upstream connection may serve another request
};

struct fault_case {
    std::string fault; ///< of the model `google/sim-…`
    outcome streamed;
    outcome whole;
};

/// Every fault but those that take a while (`stall`, `never`), at several positions.
std::vector<fault_case> quick_faults();
/// `stall` and `never`: to be met with short timeouts.
std::vector<fault_case> silent_faults();


} // namespace vertex_relay::tests
