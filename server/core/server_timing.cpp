#include "core/server_timing.hpp"

#include <algorithm>
#include <charconv>

namespace vertex_relay::core {

/// By hand: this is in the head of every answer, and fmt would take a tenth of what a head costs.
void server_timing::append(std::string_view text) {
    auto bytes = std::min(text.size(), text_.size() - size_);
    std::copy_n(text.data(), bytes, text_.data() + size_);
    size_ += bytes;
}

void server_timing::append(std::string_view name, std::chrono::microseconds span) {
    auto tenths = std::max<std::int64_t>(span.count(), 0) / 100;
    std::array<char, 20> digits;
    auto const* end = std::to_chars(digits.begin(), digits.end(), tenths / 10).ptr;
    append(size_ == 0 ? "" : ", ");
    append(name);
    append(";dur=");
    append(std::string_view(digits.data(), end));
    std::array<char, 2> fraction{'.', static_cast<char>('0' + tenths % 10)};
    append(std::string_view(fraction.data(), fraction.size()));
}

server_timing::server_timing(time_spent const& spent, std::chrono::microseconds until_now) {
    auto elsewhere = spent.token + spent.connect + spent.upstream + spent.pause;
    append("relay", until_now - elsewhere);
    append("token", spent.token);
    append("connect", spent.connect);
    append("upstream", spent.upstream);
    if (spent.pause.count() > 0) {
        append("pause", spent.pause);
    }
}

} // namespace vertex_relay::core
