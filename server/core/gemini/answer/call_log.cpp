#include "core/gemini/answer/call_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

call_log::place call_log::add(std::string_view id, std::string_view name, std::string_view seed) {
    auto known = id.empty() ? calls_.end() : std::ranges::find(calls_, id, &logged_call::id);
    if (id.empty() && name.empty() && !calls_.empty()) {
        known = calls_.end() - 1;
    }
    if (known != calls_.end()) {
        return {static_cast<std::size_t>(known - calls_.begin()), false};
    }
    return add_whole(id, name, seed);
}

call_log::place call_log::add_whole(std::string_view id, std::string_view name,
                                    std::string_view seed) {
    bool taken = id.empty() || std::ranges::find(calls_, id, &logged_call::id) != calls_.end();
    auto own = taken ? fmt::format("call_{}_{}", seed, calls_.size()) : std::string(id);
    calls_.push_back({.id = std::move(own), .name = std::string(name)});
    return {calls_.size() - 1, true};
}

} // namespace vertex_relay::core
