#include "net/relay_fault_table.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

outcome refused(int status, std::string code, bool reusable = true) {
    return {fate::refused, status, std::move(code), reusable};
}

outcome broken(std::string code) { return {fate::broken, 200, std::move(code), false}; }

outcome lost(int status, std::string code) { return refused(status, std::move(code), false); }

/// Errors that come as an answer of their own, the same for both.
void add_error_answers(std::vector<fault_case>& out) {
    struct answer {
        char const* fault;
        int status;
        char const* code;
    };
    for (auto const& [fault, status, code] :
         {answer{"429", 429, "rate_limit_exceeded"}, answer{"429-pt", 429, "rate_limit_exceeded"},
          answer{"429-queue", 429, "rate_limit_exceeded"},
          answer{"429-retry-after-2", 429, "rate_limit_exceeded"},
          answer{"429-retryinfo", 429, "rate_limit_exceeded"},
          answer{"403-iam", 403, "permission_denied"},
          answer{"403-api-disabled", 403, "permission_denied"},
          answer{"400", 400, "invalid_argument"},
          answer{"400-context", 400, "context_length_exceeded"},
          answer{"404", 404, "model_not_found"}, answer{"499", 502, "upstream_error"},
          answer{"500", 500, "upstream_error"}, answer{"503", 503, "upstream_unavailable"},
          answer{"503-retry-after", 503, "upstream_unavailable"},
          answer{"504", 504, "upstream_timeout"}, answer{"html-502", 502, "upstream_error"},
          answer{"html-404", 404, "model_not_found"},
          answer{"redirect", 502, "upstream_redirect"}}) {
        out.push_back({fault, refused(status, code), refused(status, code)});
    }
    out.push_back({"early-400", lost(400, "invalid_argument"), lost(400, "invalid_argument")});
}

void add_answers(std::vector<fault_case>& out) {
    for (auto const* fault :
         {"pass", "devapi", "streamed-args", "parallel", "parallel-5", "thoughts", "image",
          "no-content", "filtered", "malformed-call", "echo", "huge", "huge-70000", "huge-300000",
          "events", "paced-1000-50", "slow-20", "no-done", "crlf", "ping", "tiny", "tiny-3",
          "tiny-chunks", "tiny-chunks-2", "tiny-chunks-3", "tiny-chunks-4", "tiny-chunks-5",
          "tiny-chunks-6", "tiny-chunks-7", "early-hints", "big-head-8"}) {
        out.push_back({fault, {}, {}});
    }
    for (auto const* fault : {"close", "http10"}) {
        outcome once{.reusable = false};
        out.push_back({fault, once, once});
    }
}

void add_cuts(std::vector<fault_case>& out) {
    for (auto const* kind : {"cut", "cut-inside", "rst"}) {
        for (int events : {0, 1, 2, 5, 60}) {
            out.push_back({fmt::format("{}-{}", kind, events), broken("upstream_reset"),
                           lost(502, "upstream_reset")});
        }
    }
    for (int events : {0, 1, 5}) {
        outcome cleanly{fate::broken, 200, "stream_incomplete", false};
        out.push_back({fmt::format("clean-end-{}", events), cleanly, {}});
        for (auto const* form : {"midstream-error", "midstream-error-array"}) {
            out.push_back({fmt::format("{}-{}", form, events), broken("upstream_error"), {}});
        }
    }
    out.push_back({"rst-at-once", lost(502, "upstream_reset"), lost(502, "upstream_reset")});
    out.push_back({"short-length", broken("upstream_reset"), lost(502, "upstream_reset")});
}

void add_bad_http(std::vector<fault_case>& out) {
    for (auto const* fault : {"garbage", "dup-length", "big-head"}) {
        out.push_back({fault, lost(502, "upstream_protocol_error"),
                       lost(502, "upstream_protocol_error")});
    }
    out.push_back({"gzip", lost(502, "upstream_encoding"), lost(502, "upstream_encoding")});
}

} // namespace

std::vector<fault_case> quick_faults() {
    std::vector<fault_case> out;
    add_error_answers(out);
    add_answers(out);
    add_cuts(out);
    add_bad_http(out);
    return out;
}

std::vector<fault_case> silent_faults() {
    std::vector<fault_case> out;
    for (int events : {0, 1, 5}) {
        out.push_back({fmt::format("stall-{}", events), broken("upstream_timeout"),
                       lost(504, "upstream_timeout")});
    }
    out.push_back({"never", lost(504, "upstream_timeout"), lost(504, "upstream_timeout")});
    return out;
}

} // namespace vertex_relay::tests
