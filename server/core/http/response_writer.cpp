#include "core/http/response_writer.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

/// What reaches a header came through a parser that refuses control characters; this is the belt.
std::string_view field_value(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f) {
            return text.substr(0, i);
        }
    }
    return text;
}

void append_field(std::string& head, std::string_view name, std::string_view value) {
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
}

void append_common(std::string& head, response_plan const& plan) {
    append_field(head, "x-request-id", plan.request_id);
    if (!plan.keep_alive || ends_with_connection(plan)) {
        append_field(head, "connection", "close");
    } else if (plan.version < 11) {
        append_field(head, "connection", "keep-alive");
    }
    if (plan.attempts > 0) { // `2; google/gemini-3.5-flash@us-central1`
        head += "x-vertex-relay-attempts: ";
        head += fmt::format_int(plan.attempts).c_str();
        head += "; ";
        head += field_value(plan.place);
        head += "\r\n";
    }
    if (!plan.repairs.empty()) {
        append_field(head, "x-vertex-relay-repairs", field_value(plan.repairs));
    }
    if (!plan.timing.empty()) {
        append_field(head, "server-timing", plan.timing);
    }
    if (!plan.note.empty()) {
        append_field(head, "x-vertex-relay-note", field_value(plan.note));
    }
    if (!plan.cors_origin.empty()) {
        append_field(head, "access-control-allow-origin", field_value(plan.cors_origin));
        append_field(head, "vary", "Origin");
    }
}

std::string begin_head(response_plan const& plan) {
    std::string head;
    head.reserve(512);
    head += "HTTP/1.1 ";
    head += fmt::format_int(plan.status).c_str();
    head += ' ';
    head += reason_phrase(plan.status);
    head += "\r\n";
    return head;
}

void append_body_fields(std::string& head, response_plan const& plan) {
    append_field(head, "content-type", field_value(plan.content_type));
    append_field(head, "cache-control", "no-store");
    if (plan.length) {
        append_field(head, "content-length", fmt::format_int(*plan.length).c_str());
    } else if (plan.version >= 11) {
        append_field(head, "transfer-encoding", "chunked");
    }
}

} // namespace

bool ends_with_connection(response_plan const& plan) {
    return !plan.length && plan.version < 11 && plan.status != 204;
}

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Answer";
    }
}

std::string build_response_head(response_plan const& plan) {
    auto head = begin_head(plan);
    append_body_fields(head, plan);
    append_common(head, plan);
    return head += "\r\n";
}

std::string build_failure_head(response_plan plan, failure const& what) {
    plan.status = what.status;
    auto head = begin_head(plan);
    append_body_fields(head, plan);
    append_common(head, plan);
    if (what.retry == retry_advice::never) {
        append_field(head, "x-should-retry", "false");
    }
    bool timed = what.retry == retry_advice::never && what.retry_after.count() > 0;
    if (what.retry == retry_advice::later || timed) {
        append_field(head, "retry-after", fmt::format_int(what.retry_after.count()).c_str());
    }
    if (!what.allow.empty()) {
        append_field(head, "allow", field_value(what.allow));
    }
    if (what.status == 426) {
        append_field(head, "upgrade", "HTTP/1.1");
    }
    return head += "\r\n";
}

std::string build_preflight_head(response_plan const& plan) {
    auto head = begin_head(plan);
    append_common(head, plan);
    append_field(head, "access-control-allow-methods", "GET, POST");
    append_field(head, "access-control-allow-headers",
                 "authorization, content-type, x-stainless-arch, x-stainless-helper-method, "
                 "x-stainless-lang, x-stainless-os, x-stainless-package-version, "
                 "x-stainless-retry-count, x-stainless-runtime, x-stainless-runtime-version, "
                 "x-stainless-timeout");
    append_field(head, "access-control-max-age", "600");
    return head += "\r\n";
}

} // namespace vertex_relay::core
