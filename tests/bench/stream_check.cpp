#include "stream_check.hpp"

#include "marker.hpp"

#include <algorithm>
#include <limits>

namespace vertex_relay::bench {

std::size_t stream_check::scan(std::int64_t now_ns, std::vector<std::uint32_t>& ages) {
    const std::uint32_t before = seen_;
    const std::string_view text = text_;
    std::size_t start = 0;
    for (;;) {
        const std::size_t end = text.find("\n\n", start);
        if (end == text.npos) {
            break;
        }
        check(text.substr(start, end - start), now_ns, ages);
        start = end + 2;
    }
    text_.erase(0, start);
    return seen_ - before;
}

void stream_check::check(std::string_view event, std::int64_t now_ns,
                         std::vector<std::uint32_t>& ages) {
    if (event.starts_with(':')) {
        return; // A comment: a relay's heartbeat.
    }
    const auto found = find_marker(event);
    if (!found) {
        stopped_ = stopped_ || event.find(R"("finish_reason":"stop")") != event.npos;
        done_ = done_ || event == "data: [DONE]";
        if (fault_.empty() && event.find("\"error\"") != event.npos) {
            fault_ = "error in the stream: " + std::string(event.substr(0, 300));
        }
        return;
    }
    if (fault_.empty() && (found->nonce != nonce_ || found->number != seen_)) {
        fault_ = "event " + std::to_string(found->number) + " of request " +
                 std::to_string(found->nonce) + " in place of event " + std::to_string(seen_) +
                 " of request " + std::to_string(nonce_);
    }
    const auto age = (static_cast<std::uint64_t>(now_ns) - found->time_ns) & marker::time_mask;
    constexpr std::uint64_t age_max = std::numeric_limits<std::uint32_t>::max();
    ages.push_back(static_cast<std::uint32_t>(std::min(age, age_max)));
    ++seen_;
}

std::string stream_check::verdict() const {
    if (!fault_.empty()) {
        return fault_;
    }
    if (seen_ != expected_) {
        return std::to_string(seen_) + " events instead of " + std::to_string(expected_);
    }
    if (!stopped_ || !done_) {
        return stopped_ ? "no [DONE]" : "no finish reason";
    }
    return text_.empty() ? "" : "bytes after the last event";
}

} // namespace vertex_relay::bench
