#include "faults/scenario.hpp"

#include <algorithm>
#include <iterator>

namespace vertex_relay::tests {

std::string_view name_of(fault what) {
    switch (what) {
    case fault::close: return "close";
    case fault::cut: return "cut";
    case fault::reset: return "reset";
    case fault::stall: return "stall";
    default: return "no fault";
    }
}

std::vector<scenario> all_scenarios() {
    std::vector<scenario> all;
    for (auto make : {connect_scenarios, upload_scenarios, head_scenarios, document_scenarios,
                      stream_scenarios, reuse_scenarios, client_scenarios}) {
        std::ranges::move(make(), std::back_inserter(all));
    }
    return all;
}

} // namespace vertex_relay::tests
