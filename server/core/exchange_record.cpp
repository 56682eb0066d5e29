#include "core/exchange_record.hpp"

#include "core/json_text.hpp"

namespace vertex_relay::core {

namespace {

double milliseconds_of(std::chrono::microseconds span) {
    return static_cast<double>(span.count()) / 1000.0;
}

std::string number_or_null(std::optional<std::uint64_t> value) {
    return value ? std::to_string(*value) : "null";
}

/// The members that are there only if known.
std::string known_members(exchange_record const& record) {
    std::string text;
    if (record.tokens_cached) {
        text += fmt::format(R"(,"tokens_cached":{})", *record.tokens_cached);
    }
    if (record.tokens_reasoning) {
        text += fmt::format(R"(,"tokens_reasoning":{})", *record.tokens_reasoning);
    }
    if (record.cost_usd) {
        text += fmt::format(R"(,"cost_usd":{:.9f})", *record.cost_usd);
    }
    if (!record.trace.empty()) {
        text += fmt::format(R"(,"trace":{})", json_string(record.trace));
    }
    return text;
}

constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[m";

/// Green is for what went well: a stream that broke had begun with 200.
std::string_view colour_of(exchange_record const& record) {
    bool yellow = record.status >= 400 && record.status < 500;
    return yellow ? "\x1b[33m" : record.cause == "ok" ? "\x1b[32m" : "\x1b[31m";
}

std::string painted(std::string_view colour, std::string_view text, bool colours) {
    return colours ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
}

/// What only some requests have, behind the columns.
std::string remarks(exchange_record const& record) {
    std::string text;
    auto add = [&text]<class... Parts>(bool there, fmt::format_string<Parts...> shape,
                                       Parts... parts) {
        text += there ? "  " + fmt::format(shape, std::move(parts)...) : std::string();
    };
    add(record.cost_usd.has_value(), "${:.6f}", record.cost_usd.value_or(0));
    add(record.tokens_cached.value_or(0) > 0, "{} cached", record.tokens_cached.value_or(0));
    add(record.tokens_reasoning.value_or(0) > 0, "{} reasoning",
        record.tokens_reasoning.value_or(0));
    add(!record.alias.empty(), "as {}", record.alias);
    add(record.attempts > 1, "{} attempts", record.attempts);
    add(!record.repairs.empty(), "repaired {}", record.repairs.names());
    add(!record.trace.empty(), "trace {}", std::string_view(record.trace));
    return text;
}

} // namespace

std::string_view name_of(phase where) {
    switch (where) {
    case phase::head: return "head";
    case phase::body: return "body";
    case phase::route: return "route";
    case phase::token: return "token";
    case phase::connect: return "connect";
    case phase::send: return "send";
    case phase::wait: return "wait";
    case phase::relay: return "relay";
    case phase::done: return "done";
    }
    return "done";
}

std::string access_line_json(exchange_record const& record, std::string_view time) {
    auto first = record.first_byte ? fmt::format("{:.3f}", milliseconds_of(*record.first_byte))
                                   : std::string("null");
    return fmt::format(
        R"({{"time":{},"id":{},"route":{},"model":{},"status":{},"cause":{},"phase":"{}",)"
        R"("ttfb_ms":{},"total_ms":{:.3f},"bytes_in":{},"bytes_out":{},"tokens_in":{},)"
        R"("tokens_out":{},"attempts":{},"repairs":{}{}}})",
        json_string(time), json_string(record.id), json_string(record.route),
        json_string(record.model), record.status, json_string(record.cause),
        name_of(record.where), first, milliseconds_of(record.total), record.bytes_in,
        record.bytes_out, number_or_null(record.tokens_in), number_or_null(record.tokens_out),
        record.attempts, json_string(record.repairs.names()), known_members(record));
}

std::string access_line_text(exchange_record const& record, bool colours) {
    auto first = record.first_byte ? fmt::format("{:>9.1f}", milliseconds_of(*record.first_byte))
                                   : fmt::format("{:>9}", "-");
    auto tokens = record.tokens_in ? fmt::format("{:>7} > {:<6}", *record.tokens_in,
                                                 record.tokens_out.value_or(0))
                                   : fmt::format("{:>7} > {:<6}", "-", "-");
    auto colour = colour_of(record);
    auto cause = record.cause == "ok" ? std::string()
                                      : "  " + painted(colour,
                                                       fmt::format("{} in {}", record.cause,
                                                                   name_of(record.where)),
                                                       colours);
    return fmt::format("{}  {}  {:<40} {} of {:>9.1f} ms  {:>8} > {:<8} B  {} tokens{}{}",
                       painted(dim, record.id, colours),
                       painted(colour, fmt::format("{:>3}", record.status), colours), record.route,
                       first, milliseconds_of(record.total), record.bytes_in, record.bytes_out,
                       tokens, cause, remarks(record));
}

} // namespace vertex_relay::core
