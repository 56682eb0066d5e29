#include "core/access_line.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace vertex_relay::core {

namespace {

std::chrono::microseconds span_of(double milliseconds) {
    return std::chrono::microseconds(std::llround(milliseconds * 1000));
}

phase phase_named(std::string_view name) {
    constexpr std::array phases{phase::head,    phase::body, phase::route, phase::token,
                                phase::connect, phase::send, phase::wait,  phase::relay};
    auto const* found =
        std::ranges::find_if(phases, [&](phase one) { return name_of(one) == name; });
    return found == phases.end() ? phase::done : *found;
}

repair_set repairs_named(std::string_view names) {
    repair_set made;
    ascii::for_each_item(names, [&](std::string_view name) {
        if (auto known = find_repair(name)) {
            made.add(*known);
        }
    });
    return made;
}

class line {
public:
    explicit line(simdjson::dom::object members) : members_(members) {}

    std::string text(std::string_view key) const {
        std::string_view value;
        return members_[key].get(value) ? std::string() : std::string(value);
    }
    template <class Number>
    std::optional<Number> number(std::string_view key) const {
        Number value{};
        return members_[key].get(value) ? std::nullopt : std::optional(value);
    }

private:
    simdjson::dom::object members_;
};

} // namespace

std::optional<exchange_record> read_access_line(std::string_view json) {
    simdjson::dom::parser parser;
    simdjson::dom::object members;
    if (parser.parse(simdjson::padded_string(json)).get(members) || members["status"].error()) {
        return std::nullopt;
    }
    line in(members);
    exchange_record out;
    out.id = in.text("id");
    out.route = in.text("route");
    out.model = in.text("model");
    out.status = static_cast<int>(in.number<std::int64_t>("status").value_or(0));
    out.cause = in.text("cause");
    out.where = phase_named(in.text("phase"));
    out.first_byte = in.number<double>("ttfb_ms").transform(span_of);
    out.total = span_of(in.number<double>("total_ms").value_or(0));
    out.bytes_in = in.number<std::uint64_t>("bytes_in").value_or(0);
    out.bytes_out = in.number<std::uint64_t>("bytes_out").value_or(0);
    out.tokens_in = in.number<std::uint64_t>("tokens_in");
    out.tokens_out = in.number<std::uint64_t>("tokens_out");
    out.attempts = static_cast<unsigned>(in.number<std::uint64_t>("attempts").value_or(0));
    out.repairs = repairs_named(in.text("repairs"));
    out.tokens_cached = in.number<std::uint64_t>("tokens_cached");
    out.tokens_reasoning = in.number<std::uint64_t>("tokens_reasoning");
    out.cost_usd = in.number<double>("cost_usd");
    out.trace = in.text("trace");
    return out;
}

std::string access_line_for_people(std::string_view json, bool colours) {
    auto record = read_access_line(json);
    if (!record) {
        return std::string(json);
    }
    constexpr std::string_view time_key = R"({"time":")";
    constexpr std::size_t day_bytes = std::string_view("2026-11-24T").size();
    constexpr std::size_t clock_bytes = std::string_view("12:00:00.000").size();
    auto time = json.starts_with(time_key) && json.size() > time_key.size() + 32
                    ? json.substr(time_key.size() + day_bytes, clock_bytes)
                    : std::string_view();
    return fmt::format("{} {}", time, access_line_text(*record, colours));
}

} // namespace vertex_relay::core
