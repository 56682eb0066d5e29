#pragma once
// What one worker counts: each exchange once, at its end, from its record. Nothing is shared and
// nothing locked; whoever reads adds up all workers (`metric_totals`). A steady state allocates
// nothing.

#include "core/exchange_record.hpp"
#include "core/metrics/counter_table.hpp"
#include "core/metrics/label_values.hpp"
#include "core/metrics/totals.hpp"

namespace vertex_relay::core {

class meters {
public:
    meters();
    ~meters();
    meters(meters const&) = delete;
    meters& operator=(meters const&) = delete;

    // On the worker's thread.
    void count(exchange_record const& ended);
    void count(resend why) { resends_[static_cast<std::size_t>(why)].add(); }
    void count(upstream_line how) { lines_[static_cast<std::size_t>(how)].add(); }

    /// Any thread.
    void add_to(metric_totals& totals) const;

private:
    /// How long what ended in one way took. New ones go to the front of a list that only grows.
    struct ending {
        std::size_t error;
        histogram<request_duration_bounds> duration;
        ending* next;
    };
    /// Of one target.
    struct route_meters {
        ~route_meters();
        std::array<counter, token_kinds> tokens;
        counter nano_usd;
        histogram<token_bounds> tokens_in;
        histogram<token_bounds> tokens_out;
        std::atomic<ending*> endings = nullptr;
        histogram<first_token_bounds> first_token;
        histogram<output_token_bounds> per_output_token;
    };
    static constexpr std::size_t names_max = 200;
    static constexpr std::size_t errors_max = 100;
    static constexpr std::size_t no_error = 0; ///< the number of the empty one
    static constexpr std::size_t endings_max = 500; ///< then a target's further ones are `other`

    std::size_t number_of_route(exchange_record const& ended);
    route_meters& meters_of(std::size_t route);
    histogram<request_duration_bounds>& duration_of(route_meters& of_route, std::size_t error);
    void count_answer(exchange_record const& ended, std::size_t error, route_meters& of_route);
    void add_route(std::size_t route, metric_totals& totals) const;

    label_values<names_max> names_; ///< targets, paths and aliases
    label_values<errors_max> errors_;
    counter_table requests_;
    std::size_t endings_ = 0; ///< of all targets
    std::array<std::atomic<route_meters*>, names_max + 1> routes_{};
    std::array<counter, errors_max + 1> refusals_;
    std::array<counter, repair_count> repairs_;
    std::array<counter, resends> resends_;
    std::array<counter, upstream_lines> lines_;
    counter bytes_in_;
    counter bytes_out_;
};

} // namespace vertex_relay::core
