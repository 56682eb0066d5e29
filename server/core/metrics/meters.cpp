#include "core/metrics/meters.hpp"

#include <utility>

namespace vertex_relay::core {

namespace {

std::uint64_t microseconds_in(std::chrono::microseconds span) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(span.count(), 0));
}

/// The labels of a request as one number: route, model, error, status.
std::uint64_t pack(std::size_t route, std::size_t model, std::size_t error, int status) {
    return std::uint64_t{route} << 32U | std::uint64_t{model} << 24U | std::uint64_t{error} << 16U |
           static_cast<std::uint16_t>(status);
}

/// The value of `error.type`, as OpenTelemetry calls it: there is none unless something went wrong.
std::string_view error_of(exchange_record const& ended) {
    return ended.cause == "ok" ? std::string_view() : std::string_view(ended.cause);
}

/// Google has answered under this name as it does for no name that a client makes up: began a good
/// answer, whatever became of it, or refused for its quota.
bool has_answered(exchange_record const& ended) {
    bool left = ended.status == 499 && ended.first_byte.has_value();
    return ended.status == 200 || ended.status == 429 || left;
}

/// Turned away before anything was asked of Google.
bool is_refusal(exchange_record const& ended) {
    return ended.cause != "ok" && ended.cause != "client_gone" && ended.where < phase::token;
}

} // namespace

meters::meters() { errors_.number_of({}); }

meters::~meters() {
    for (auto& one : routes_) {
        delete one.load(std::memory_order_relaxed);
    }
}

meters::route_meters::~route_meters() {
    for (auto* one = endings.load(std::memory_order_relaxed); one != nullptr;) {
        delete std::exchange(one, one->next);
    }
}

histogram<request_duration_bounds>& meters::duration_of(route_meters& of_route,
                                                        std::size_t error) {
    auto* first = of_route.endings.load(std::memory_order_relaxed);
    for (auto* one = first; one != nullptr; one = one->next) {
        if (one->error == error) {
            return one->duration;
        }
    }
    if (endings_ >= endings_max && error != no_error && error != errors_.other) {
        return duration_of(of_route, errors_.other);
    }
    ++endings_;
    auto* added = new ending{.error = error, .duration = {}, .next = first};
    of_route.endings.store(added, std::memory_order_release);
    return added->duration;
}

/// The target if the configuration or the catalogue knows it or it has answered, so that no client
/// makes up series; the path where there was no target.
std::size_t meters::number_of_route(exchange_record const& ended) {
    if (!ended.routed) {
        return names_.number_of(ended.path.empty() ? "none" : ended.path);
    }
    return names_.number_of(ended.route, ended.listed || has_answered(ended));
}

meters::route_meters& meters::meters_of(std::size_t route) {
    auto& place = routes_[route];
    auto* known = place.load(std::memory_order_relaxed);
    if (known == nullptr) {
        known = new route_meters();
        place.store(known, std::memory_order_release);
    }
    return *known;
}

void meters::count(exchange_record const& ended) {
    auto route = number_of_route(ended);
    auto model = !ended.routed           ? names_.number_of("")
                 : ended.alias.empty() ? route
                                         : names_.number_of(ended.alias);
    auto error = errors_.number_of(error_of(ended));
    requests_.add(pack(route, model, error, ended.status));
    bytes_in_.add(ended.bytes_in);
    bytes_out_.add(ended.bytes_out);
    if (is_refusal(ended)) {
        refusals_[error].add();
    }
    for (std::size_t i = 0; !ended.repairs.empty() && i < repair_count; ++i) {
        repairs_[i].add(ended.repairs.has(static_cast<repair>(i)) ? 1 : 0);
    }
    if (ended.attempts > 0) {
        count_answer(ended, error, meters_of(route));
    }
}

void meters::count_answer(exchange_record const& ended, std::size_t error,
                          route_meters& of_route) {
    auto add = [&](token_kind kind, std::optional<std::uint64_t> amount) {
        of_route.tokens[static_cast<std::size_t>(kind)].add(amount.value_or(0));
    };
    add(token_kind::input, ended.tokens_in);
    add(token_kind::output, ended.tokens_out);
    add(token_kind::cached, ended.tokens_cached);
    add(token_kind::reasoning, ended.tokens_reasoning);
    if (ended.tokens_in) {
        of_route.tokens_in.add(*ended.tokens_in);
        of_route.tokens_out.add(ended.tokens_out.value_or(0));
    }
    if (ended.cost_usd) {
        of_route.nano_usd.add(static_cast<std::uint64_t>(*ended.cost_usd * 1e9));
    }
    duration_of(of_route, error).add(microseconds_in(ended.total));
    bool whole_stream = ended.streamed && ended.first_byte && ended.cause == "ok";
    if (!whole_stream) {
        return;
    }
    of_route.first_token.add(microseconds_in(*ended.first_byte));
    auto tokens = ended.tokens_out.value_or(0);
    if (tokens > 1) {
        of_route.per_output_token.add(microseconds_in(ended.total - *ended.first_byte) /
                                      (tokens - 1));
    }
}

void meters::add_route(std::size_t route, metric_totals& totals) const {
    auto const* from = routes_[route].load(std::memory_order_acquire);
    if (from == nullptr) {
        return;
    }
    auto& into = totals.routes[std::string(names_.at(route))];
    for (std::size_t i = 0; i < token_kinds; ++i) {
        into.tokens[i] += from->tokens[i].value();
    }
    into.nano_usd += from->nano_usd.value();
    from->tokens_in.add_to(into.tokens_in);
    from->tokens_out.add_to(into.tokens_out);
    for (auto const* one = from->endings.load(std::memory_order_acquire); one != nullptr;
         one = one->next) {
        one->duration.add_to(into.durations[std::string(errors_.at(one->error))]);
    }
    from->first_token.add_to(into.first_token);
    from->per_output_token.add_to(into.per_output_token);
}

void meters::add_to(metric_totals& totals) const {
    auto name = [this](std::uint64_t number) { return std::string(names_.at(number & 0xff)); };
    requests_.each([&](std::uint64_t key, std::uint64_t count) {
        totals.requests[{name(key >> 32U), name(key >> 24U), static_cast<std::uint16_t>(key),
                         std::string(errors_.at(key >> 16U & 0xff))}] += count;
    });
    if (auto rest = requests_.rest(); rest > 0) {
        std::string other(other_value);
        totals.requests[{other, other, 0, other}] += rest;
    }
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        add_route(i, totals);
    }
    for (std::size_t i = 0; i < refusals_.size(); ++i) {
        if (auto count = refusals_[i].value(); count > 0) {
            totals.refusals[std::string(errors_.at(i))] += count;
        }
    }
    auto add_all = [](auto& into, auto const& from) {
        for (std::size_t i = 0; i < from.size(); ++i) {
            into[i] += from[i].value();
        }
    };
    add_all(totals.repairs, repairs_);
    add_all(totals.resent, resends_);
    add_all(totals.lines, lines_);
    totals.bytes_in += bytes_in_.value();
    totals.bytes_out += bytes_out_.value();
}

} // namespace vertex_relay::core
