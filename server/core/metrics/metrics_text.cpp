#include "core/metrics/metrics_text.hpp"

#include "core/metrics/exposition.hpp"

namespace vertex_relay::core {

namespace {

constexpr double microseconds_a_second = 1e6;
constexpr double nano = 1e-9;

constexpr std::array<std::string_view, token_kinds> token_names{"input", "output", "cached",
                                                                "reasoning"};
constexpr std::array<std::string_view, resends> resend_names{"refused", "fallback",
                                                             "stale_connection", "rejected_token"};
constexpr std::array<std::string_view, upstream_lines> line_names{"opened", "reused", "failed"};

/// The labels that the conventions require, and the target.
struct genai_labels {
    label operation{"gen_ai_operation_name", "chat"};
    label provider{"gen_ai_provider_name", "gcp.vertex_ai"};
    label model;
    explicit genai_labels(std::string_view route) : model{"gen_ai_request_model", route} {}
};

void write_requests(exposition& out, metric_totals const& totals) {
    out.counter("vertex_relay_requests_total",
                "Requests but for probes, by target or path, alias, status and error: the access "
                "line's cause, which a stream that breaks has, too.");
    for (auto const& [key, count] : totals.requests) {
        out.sample({{"route", key.route},
                    {"model", key.model},
                    {"status", std::to_string(key.status)},
                    {"error_type", key.error}},
                   count);
    }
    out.counter("vertex_relay_refusals_total",
                "Requests turned away before anything was asked of Google, by rule.");
    for (auto const& [rule, count] : totals.refusals) {
        out.sample({{"rule", rule}}, count);
    }
    out.counter("vertex_relay_client_bytes_total",
                "Body bytes from clients, and bytes written to them.");
    out.sample({{"direction", "in"}}, totals.bytes_in);
    out.sample({{"direction", "out"}}, totals.bytes_out);
}

void write_upstream(exposition& out, metric_totals const& totals) {
    out.counter("vertex_relay_upstream_connections_total",
                "Connections to Vertex AI that requests asked for: opened, reused or failed.");
    for (std::size_t i = 0; i < upstream_lines; ++i) {
        out.sample({{"result", line_names[i]}}, totals.lines[i]);
    }
    out.counter("vertex_relay_upstream_retries_total",
                "Requests sent to Vertex AI once more, by reason.");
    for (std::size_t i = 0; i < resends; ++i) {
        out.sample({{"reason", resend_names[i]}}, totals.resent[i]);
    }
    out.counter("vertex_relay_repairs_total", "Exchanges with a repair, by its name.");
    for (std::size_t i = 0; i < repair_count; ++i) {
        out.sample({{"repair", name_of(static_cast<repair>(i))}}, totals.repairs[i]);
    }
}

void write_tokens(exposition& out, metric_totals const& totals) {
    out.counter("vertex_relay_tokens_total",
                "Tokens by target; cached are part of input, reasoning of output.");
    for (auto const& [route, of_route] : totals.routes) {
        for (std::size_t i = 0; i < token_kinds; ++i) {
            out.sample({{"route", route}, {"type", token_names[i]}}, of_route.tokens[i]);
        }
    }
    out.counter("vertex_relay_cost_usd_total", "Estimated cost by target, from the price table.");
    for (auto const& [route, of_route] : totals.routes) {
        out.sample({{"route", route}}, static_cast<double>(of_route.nano_usd) * nano);
    }
    out.histogram("gen_ai_client_token_usage", "Tokens of a request and of its answer.");
    for (auto const& [route, of_route] : totals.routes) {
        genai_labels of(route);
        out.sample({of.operation, of.provider, of.model, {"gen_ai_token_type", "input"}},
                   of_route.tokens_in, token_bounds, 1);
        out.sample({of.operation, of.provider, of.model, {"gen_ai_token_type", "output"}},
                   of_route.tokens_out, token_bounds, 1);
    }
}

void write_times(exposition& out, metric_totals const& totals) {
    out.histogram("gen_ai_server_request_duration_seconds",
                  "From a request's head to the end of its answer, for what reached Vertex AI.");
    for (auto const& [route, of_route] : totals.routes) {
        genai_labels of(route);
        for (auto const& [error, duration] : of_route.durations) {
            out.sample({of.operation, of.provider, of.model, {"error_type", error}}, duration,
                       request_duration_bounds, microseconds_a_second);
        }
    }
    auto write = [&](auto const& which, std::span<std::uint64_t const> bounds) {
        for (auto const& [route, of_route] : totals.routes) {
            genai_labels of(route);
            out.sample({of.operation, of.provider, of.model}, of_route.*which, bounds,
                       microseconds_a_second);
        }
    };
    out.histogram("gen_ai_server_time_to_first_token_seconds",
                  "From a request's head to the first bytes of its stream.");
    write(&route_totals::first_token, first_token_bounds);
    out.histogram("gen_ai_server_time_per_output_token_seconds",
                  "Time for each token of a stream behind the first.");
    write(&route_totals::per_output_token, output_token_bounds);
}

void write_credentials(exposition& out, relay_state const& now) {
    out.counter("vertex_relay_token_refreshes_total", "Refreshes of the access token, by result.");
    out.sample({{"result", "renewed"}}, now.tokens_renewed);
    out.sample({{"result", "failed"}}, now.token_failures);
    out.gauge("vertex_relay_token_usable", "1 if there is a usable access token.");
    out.sample({}, std::uint64_t{now.token_seconds ? 1U : 0U});
    out.gauge("vertex_relay_token_expires_in_seconds",
              "Until the access token expires; 0 without one.");
    out.sample({}, now.token_seconds.value_or(0));
}

void write_state(exposition& out, relay_state const& now) {
    out.gauge("vertex_relay_open_connections", "Client connections.");
    out.sample({}, now.connections);
    out.gauge("vertex_relay_open_streams", "Exchanges with Vertex AI under way.");
    out.sample({}, now.streams);
    out.gauge("vertex_relay_buffered_bytes", "Request bodies in memory.");
    out.sample({}, now.buffered_bytes);
    out.gauge("vertex_relay_draining", "1 while the relay stops.");
    out.sample({}, std::uint64_t{now.draining ? 1U : 0U});
    out.counter("vertex_relay_config_reloads_total", "Readings of a changed configuration.");
    out.sample({{"result", "used"}}, now.reloads);
    out.sample({{"result", "refused"}}, now.reload_failures);
    out.counter("vertex_relay_log_lines_lost_total", "Log lines that nobody took.");
    out.sample({}, now.log_lines_lost);
    out.gauge("vertex_relay_build_info", "1, with the version as a label.");
    out.sample({{"version", RELAY_VERSION}}, std::uint64_t{1});
    out.gauge("process_start_time_seconds", "When the relay began, in Unix time.");
    out.sample({}, now.started);
}

} // namespace

std::string metrics_text(metric_totals const& totals, relay_state const& now) {
    exposition out;
    write_requests(out, totals);
    write_tokens(out, totals);
    write_times(out, totals);
    write_upstream(out, totals);
    write_credentials(out, now);
    write_state(out, now);
    return out.text();
}

} // namespace vertex_relay::core
