#pragma once
// The date, for retirement warnings.

#include <ctime>
#include <string>

namespace vertex_relay::io {

/// `YYYY-MM-DD`, UTC.
inline std::string today() {
    std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[16];
    auto size = std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
    return {text, size};
}

} // namespace vertex_relay::io
