#include "core/google/http_date.hpp"

#include "core/ascii.hpp"

#include <array>

namespace vertex_relay::core::google {
namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// The digits at a fixed place; -1 if there are none. All fields of the format have fixed places.
int number_at(std::string_view text, std::size_t at, std::size_t size) {
    return ascii::parse_decimal<int>(text.substr(at, size)).value_or(-1);
}

} // namespace

std::optional<seconds> parse_http_date(std::string_view text) {
    //                             0         1         2
    constexpr std::string_view shape = "???, ## ??? #### ##:##:## GMT";
    if (text.size() != shape.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bool fits = shape[i] == '?'   ? ascii::is_alpha(text[i])
                    : shape[i] == '#' ? ascii::is_digit(text[i])
                                      : text[i] == shape[i];
        if (!fits) {
            return std::nullopt;
        }
    }
    auto month = std::ranges::find(months, text.substr(8, 3));
    std::chrono::year_month_day date{
        std::chrono::year{number_at(text, 12, 4)},
        std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
        std::chrono::day{static_cast<unsigned>(number_at(text, 5, 2))}};
    int hour = number_at(text, 17, 2);
    int minute = number_at(text, 20, 2);
    int second = number_at(text, 23, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) { // 60: a leap second
        return std::nullopt;
    }
    auto midnight = std::chrono::sys_days{date}.time_since_epoch();
    return seconds{midnight} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           seconds{second};
}

} // namespace vertex_relay::core::google
