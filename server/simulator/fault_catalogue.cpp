#include "simulator/fault_catalogue.hpp"

#include "core/ascii.hpp"
#include "simulator/simulator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::simulator {

namespace {

struct entry {
    std::string_view name;
    fault_kind kind;
    std::uint64_t n; ///< default of N; 0 if the fault takes none
    std::string_view sentence;
};

using enum fault_kind;

constexpr std::array entries{
    entry{"pass", pass, 0, "No fault: an ordinary answer (for script lines that let some pass)."},
    entry{"429", too_many, 0, "429 in the pay-as-you-go wording, without Retry-After."},
    entry{"429-pt", too_many_provisioned, 0, "429 in the Provisioned Throughput wording."},
    entry{"429-queue", too_many_queue, 0, "429 in the open models' wording."},
    entry{"429-retry-after", too_many_retry_after, 1, "429 with `Retry-After: N`."},
    entry{"429-retryinfo", too_many_retry_info, 13, "429 with a RetryInfo detail of N seconds."},
    entry{"403-iam", no_permission, 0, "403: the account lacks aiplatform.endpoints.predict."},
    entry{"403-api-disabled", api_disabled, 0, "403: the API is not enabled in the project."},
    entry{"401", bad_token, 0, "401 for every token."},
    entry{"401-once", bad_token_once, 0, "401 for the token it meets first; any other passes."},
    entry{"400", bad_request, 0, "400 \"Request contains an invalid argument.\""},
    entry{"400-context", too_long, 0, "400: the prompt is longer than the model's context."},
    entry{"404", not_found, 0, "404 in the wording for unknown publisher models."},
    entry{"499", cancelled, 0, "499 CANCELLED before the first byte of an answer."},
    entry{"500", internal, 0, "500 INTERNAL."},
    entry{"503", unavailable, 0, "503 UNAVAILABLE."},
    entry{"503-retry-after", unavailable_retry_after, 1, "503 with `Retry-After: N`."},
    entry{"504", deadline, 0, "504 DEADLINE_EXCEEDED."},
    entry{"html-502", html_502, 0, "502 with an HTML page."},
    entry{"html-404", html_404, 0, "404 with an HTML page, as for a path no API owns."},
    entry{"devapi", developer_api, 0, "The Gemini Developer API's dialect: no call index, `stop`."},
    entry{"streamed-args", streamed_arguments, 0, "Tool arguments in fragments, index flipping."},
    entry{"parallel", parallel, 2, "N parallel tool calls."},
    entry{"thoughts", thoughts, 0, "Thoughts before the text, as if they had been asked for."},
    entry{"image", image, 0, "An image, which Vertex puts into `message.audio`."},
    entry{"no-content", no_content, 0, "Thinking used all tokens: `length` and no content."},
    entry{"filtered", filtered, 0, "finish_reason content_filter and no content."},
    entry{"malformed-call", malformed_call, 0, "finish_reason MALFORMED_FUNCTION_CALL."},
    entry{"echo", echo, 0,
          "JSON with the received body's SHA-256 and length, and the header names."},
    entry{"huge", huge, 1048576, "One event (or one document) with N bytes of text."},
    entry{"events", events, 1000, "N events as fast as possible."},
    entry{"paced", paced, 100, "N events a second, M in all (default 10 N)."},
    entry{"slow", slow, 1000, "N milliseconds before the head."},
    entry{"never", never, 0, "No head, ever; ends when the client closes."},
    entry{"stall", stall, 2,
          "N events (or half a document), then silence; ends when the client closes."},
    entry{"cut", cut, 2, "N events (or half a document), then TCP ends without close_notify."},
    entry{"cut-inside", cut_inside, 2, "N events and half of the next, then TCP ends."},
    entry{"rst", reset, 2, "N events (or half a document), then a TCP reset."},
    entry{"rst-at-once", reset_at_once, 0, "A TCP reset instead of a head."},
    entry{"no-done", no_done, 0, "All events but [DONE]; HTTP ends cleanly."},
    entry{"clean-end", clean_end, 2, "N events, no finish_reason, no [DONE]; HTTP ends cleanly."},
    entry{"midstream-error", error_midstream, 2, "N events, then a bare JSON error and the end."},
    entry{"midstream-error-array", error_midstream_array, 2,
          "The same with the error in an array."},
    entry{"crlf", crlf, 0, "Events with CRLF line ends."},
    entry{"ping", ping, 0, "SSE comment lines between the events."},
    entry{"tiny", tiny, 1, "Everything after the head in packets of N bytes."},
    entry{"tiny-chunks", tiny_chunks, 1, "HTTP chunks of N bytes, cutting events anywhere."},
    entry{"gzip", gzip, 0, "Content-Encoding: gzip, asked for or not."},
    entry{"redirect", redirect, 0, "302 to another host."},
    entry{"garbage", garbage, 0, "Bytes that are no HTTP."},
    entry{"dup-length", repeated_length, 0, "Two different Content-Length fields."},
    entry{"short-length", short_length, 0, "A Content-Length larger than the body, then the end."},
    entry{"big-head", big_head, 200, "A head of N KiB."},
    entry{"early-hints", early_hints, 0, "103 Early Hints before the answer."},
    entry{"close", close, 0, "Connection: close after the answer."},
    entry{"http10", http10, 0, "An HTTP/1.0 answer, ended by the connection's end."},
    entry{"early-400", early_refusal, 0, "400 while the body is still being sent, then the end."},
};

struct numbered {
    std::string_view name;
    std::optional<std::uint64_t> number;
};

/// Splits a trailing `-N` off.
numbered split_number(std::string_view name) {
    auto dash = name.rfind('-');
    if (dash == std::string_view::npos) {
        return {name, std::nullopt};
    }
    auto number = core::ascii::parse_decimal<std::uint64_t>(name.substr(dash + 1));
    return number ? numbered{name.substr(0, dash), number} : numbered{name, std::nullopt};
}

entry const* entry_named(std::string_view name) {
    auto const* found = std::ranges::find(entries, name, &entry::name);
    return found == entries.end() ? nullptr : found;
}

} // namespace

std::optional<fault> find_fault(std::string_view name) {
    if (auto const* whole = entry_named(name)) {
        return fault{.kind = whole->kind, .n = whole->n};
    }
    auto last = split_number(name);
    if (!last.number) {
        return std::nullopt;
    }
    auto const* one = entry_named(last.name);
    if (one != nullptr && one->n > 0) {
        return fault{.kind = one->kind, .n = *last.number};
    }
    auto first = split_number(last.name);
    auto const* two = entry_named(first.name);
    if (first.number && two != nullptr && two->kind == fault_kind::paced) {
        return fault{.kind = two->kind, .n = *first.number, .m = *last.number};
    }
    return std::nullopt;
}

std::optional<fault> fault_of_model(std::string_view model) {
    auto id = split_model(model).id;
    constexpr std::string_view prefix = "sim-";
    return id.starts_with(prefix) ? find_fault(id.substr(prefix.size())) : std::nullopt;
}

chat_bends bends_of(fault const& wanted) {
    chat_bends out;
    out.developer_api = wanted.kind == fault_kind::developer_api;
    out.streamed_arguments = wanted.kind == fault_kind::streamed_arguments;
    out.thoughts = wanted.kind == fault_kind::thoughts;
    out.image = wanted.kind == fault_kind::image;
    out.no_content = wanted.kind == fault_kind::no_content;
    out.parallel_calls = wanted.kind == fault_kind::parallel ? wanted.n : 0;
    if (wanted.kind == fault_kind::filtered) {
        out.finish_reason = "content_filter";
    } else if (wanted.kind == fault_kind::malformed_call) {
        out.finish_reason = "MALFORMED_FUNCTION_CALL";
    }
    return out;
}

std::string list_faults() {
    std::string out = "Ask for a fault with the model google/sim-NAME, or google/sim-NAME-N where "
                      "a number is shown (its default).\n\n";
    for (auto const& one : entries) {
        auto name = one.n > 0 ? fmt::format("{}[-{}]", one.name, one.n) : std::string(one.name);
        out += fmt::format("  {:<28} {}\n", name, one.sentence);
    }
    return out;
}

} // namespace vertex_relay::simulator
