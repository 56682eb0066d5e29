#include "core/gemini/answer/call_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core {

/// The number of calls if it belongs to none of them.
std::size_t call_log::find(call_mark const& fragment) const {
    auto last_with = [&](auto member, std::string_view text) -> std::size_t {
        auto found = std::ranges::find(calls_.rbegin(), calls_.rend(), text, member);
        return found == calls_.rend() ? calls_.size()
                                      : static_cast<std::size_t>(calls_.rend() - found) - 1;
    };
    if (!fragment.id.empty()) {
        return last_with(&logged_call::id, fragment.id);
    }
    if (!fragment.name.empty() || calls_.empty()) {
        return calls_.size();
    }
    auto same = last_with(&logged_call::index, fragment.index);
    return std::min(same, calls_.size() - 1);
}

call_log::place call_log::add(call_mark const& fragment, std::string_view seed) {
    auto known = find(fragment);
    return known < calls_.size() ? place{known, false} : add_whole(fragment, seed);
}

call_log::place call_log::add_whole(call_mark const& call, std::string_view seed) {
    bool taken =
        call.id.empty() || std::ranges::find(calls_, call.id, &logged_call::id) != calls_.end();
    auto own = taken ? fmt::format("call_{}_{}", seed, calls_.size()) : std::string(call.id);
    calls_.push_back({.id = std::move(own),
                      .name = std::string(call.name),
                      .index = std::string(call.index)});
    return {calls_.size() - 1, true};
}

} // namespace vertex_relay::core
