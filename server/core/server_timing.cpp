#include "core/server_timing.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

server_timing::server_timing(time_spent const& spent, std::chrono::microseconds until_now) {
    auto append = [this](std::string_view name, std::chrono::microseconds span) {
        auto tenths = std::max<std::int64_t>(span.count(), 0) / 100;
        auto out = fmt::format_to_n(text_.data() + size_, text_.size() - size_,
                                    "{}{};dur={}.{}", size_ == 0 ? "" : ", ", name, tenths / 10,
                                    tenths % 10);
        size_ = std::min(size_ + out.size, text_.size());
    };
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
