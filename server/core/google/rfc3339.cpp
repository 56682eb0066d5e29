#include "core/google/rfc3339.hpp"

#include "core/ascii.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr std::size_t fraction_digits_max = 9;

/// Takes fields off the front; anything unexpected makes the whole text bad.
class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}

    int number(std::size_t digits, int maximum) {
        auto value = ascii::parse_decimal<int>(rest_.substr(0, digits));
        good_ = good_ && rest_.size() >= digits && value && *value <= maximum;
        rest_.remove_prefix(std::min(digits, rest_.size()));
        return good_ ? *value : 0;
    }
    char one_of(std::string_view wanted) {
        good_ = good_ && !rest_.empty() && wanted.find(rest_.front()) != std::string_view::npos;
        char found = good_ ? rest_.front() : '\0';
        rest_.remove_prefix(std::min<std::size_t>(1, rest_.size()));
        return found;
    }
    void fraction() {
        if (!rest_.starts_with('.')) {
            return;
        }
        rest_.remove_prefix(1);
        std::size_t digits = 0;
        while (digits < rest_.size() && ascii::is_digit(rest_[digits])) {
            ++digits;
        }
        good_ = good_ && digits > 0 && digits <= fraction_digits_max;
        rest_.remove_prefix(digits);
    }
    bool done() const { return good_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

seconds read_offset(reader& from) {
    char sign = from.one_of("Zz+-");
    if (sign != '+' && sign != '-') {
        return seconds{0};
    }
    std::chrono::hours hours{from.number(2, 23)};
    from.one_of(":");
    std::chrono::minutes minutes{from.number(2, 59)};
    seconds span = hours + minutes;
    return sign == '+' ? span : -span;
}

} // namespace

std::optional<seconds> parse_rfc3339(std::string_view text) {
    using namespace std::chrono;
    reader from(text);
    year in_year{from.number(4, 9999)};
    from.one_of("-");
    month in_month{static_cast<unsigned>(from.number(2, 12))};
    from.one_of("-");
    day on_day{static_cast<unsigned>(from.number(2, 31))};
    from.one_of("Tt");
    seconds time_of_day = hours{from.number(2, 23)};
    from.one_of(":");
    time_of_day += minutes{from.number(2, 59)};
    from.one_of(":");
    time_of_day += seconds{from.number(2, 60)};
    from.fraction();
    auto offset = read_offset(from);
    year_month_day date(in_year, in_month, on_day);
    if (!from.done() || !date.ok()) {
        return std::nullopt;
    }
    return sys_days(date).time_since_epoch() + time_of_day - offset;
}

} // namespace vertex_relay::core::google
