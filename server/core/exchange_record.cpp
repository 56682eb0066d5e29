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
        R"("tokens_out":{},"attempts":{},"repairs":{}}})",
        json_string(time), json_string(record.id), json_string(record.route),
        json_string(record.model), record.status, json_string(record.cause),
        name_of(record.where), first, milliseconds_of(record.total), record.bytes_in,
        record.bytes_out, number_or_null(record.tokens_in), number_or_null(record.tokens_out),
        record.attempts, json_string(record.repairs.names()));
}

std::string access_line_text(exchange_record const& record) {
    auto tokens = record.tokens_in ? fmt::format("  {}>{} tokens", *record.tokens_in,
                                                 record.tokens_out.value_or(0))
                                   : std::string();
    auto first = record.first_byte ? fmt::format(" (first byte {:.1f})",
                                                 milliseconds_of(*record.first_byte))
                                   : std::string();
    auto attempts = record.attempts > 1 ? fmt::format("  {} attempts", record.attempts)
                                        : std::string();
    auto repairs = record.repairs.empty()
                       ? std::string()
                       : fmt::format("  repaired {}", record.repairs.names());
    auto cause = record.cause == "ok" ? std::string()
                                      : fmt::format("  {} in {}", record.cause,
                                                    name_of(record.where));
    return fmt::format("{}  {:>3}  {:<32} {:>9.1f} ms{}  {} B in, {} B out{}{}{}{}", record.id,
                       record.status, record.route, milliseconds_of(record.total), first,
                       record.bytes_in, record.bytes_out, tokens, attempts, repairs, cause);
}

} // namespace vertex_relay::core
