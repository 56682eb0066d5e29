#pragma once
// The date, for retirement warnings and prices.

#include <ctime>
#include <string>

namespace vertex_relay::io {

/// `YYYY-MM-DD`, UTC.
inline std::string today() {
    constexpr std::time_t day_seconds = 86'400;
    thread_local std::time_t known = -1; // asked at every request, new once a day
    thread_local std::string text;
    std::time_t now = std::time(nullptr);
    if (now / day_seconds != known) {
        known = now / day_seconds;
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        char date[16];
        text.assign(date, std::strftime(date, sizeof date, "%Y-%m-%d", &parts));
    }
    return text;
}

} // namespace vertex_relay::io
