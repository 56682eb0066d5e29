#include "core/http/framing.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

struct framing_fields {
    std::size_t lengths = 0;
    std::size_t codings = 0;
    std::string_view length;
    std::string_view coding;
    bool connection_close = false;
    bool connection_keep_alive = false;
};

framing_fields read_framing(std::vector<header_field> const& fields) {
    framing_fields out;
    for (auto const& field : fields) {
        if (ascii::iequals(field.name, "content-length")) {
            ++out.lengths;
            out.length = field.value;
        } else if (ascii::iequals(field.name, "transfer-encoding")) {
            ++out.codings;
            out.coding = field.value;
        } else if (ascii::iequals(field.name, "connection")) {
            ascii::for_each_item(field.value, [&](std::string_view option) {
                out.connection_close |= ascii::iequals(option, "close");
                out.connection_keep_alive |= ascii::iequals(option, "keep-alive");
            });
        }
    }
    return out;
}

bool is_token_list(std::string_view value) {
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_' || c == ',' || c == ' ' || c == '.';
    });
}

bool persists(unsigned version, framing_fields const& fields) {
    return version >= 11 ? !fields.connection_close
                         : fields.connection_keep_alive && !fields.connection_close;
}

} // namespace

failure closing(failure refusal) {
    refusal.close = true;
    return refusal;
}

failure malformed_request(std::string_view rule) {
    return closing(
        invalid_request(400, "bad_request", fmt::format("Malformed HTTP request: {}.", rule)));
}

failure malformed_response(std::string_view rule) {
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_protocol_error",
            .message = fmt::format("Vertex AI sent a malformed HTTP response ({}).", rule)};
}

std::optional<failure> check_request_framing(request_head& head, head_limits const& limits) {
    if (head.fields.size() > limits.headers) {
        return closing(invalid_request(
            431, "headers_too_large",
            fmt::format("More than {} header fields (limits.headers).", limits.headers)));
    }
    auto fields = read_framing(head.fields);
    auto hosts = head.count("host");
    if (hosts != 1) {
        return malformed_request(hosts == 0 ? "no Host field" : "more than one Host field");
    }
    if (fields.codings > 0) {
        if (fields.codings > 1 || fields.lengths > 0 || head.version < 11) {
            return malformed_request("ambiguous Transfer-Encoding");
        }
        if (!ascii::iequals(fields.coding, "chunked")) {
            auto refusal = malformed_request("Transfer-Encoding must be exactly `chunked`");
            bool unknown = is_token_list(fields.coding) &&
                           ascii::to_lower(fields.coding).find("chunked") == std::string::npos;
            if (unknown) {
                refusal.status = 501;
                refusal.code = "unsupported_transfer_encoding";
            }
            return refusal;
        }
        head.framing = body_framing::chunked;
    } else if (fields.lengths > 0) {
        auto length = ascii::parse_decimal(fields.length);
        if (fields.lengths > 1 || !length) {
            return malformed_request("Content-Length must be one decimal number");
        }
        head.framing = *length > 0 ? body_framing::length : body_framing::none;
        head.content_length = *length;
    }
    head.keep_alive = persists(head.version, fields);
    return std::nullopt;
}

std::optional<failure> check_response_framing(response_head& head) {
    auto fields = read_framing(head.fields);
    head.keep_alive = persists(head.version, fields);
    if (head.status < 100 || head.status > 599) {
        return malformed_response("status outside 100 to 599");
    }
    if (head.status < 200 || head.status == 204 || head.status == 304) {
        return std::nullopt;
    }
    if (fields.codings > 0) {
        if (fields.codings > 1 || fields.lengths > 0 || head.version < 11 ||
            !ascii::iequals(fields.coding, "chunked")) {
            return malformed_response("ambiguous Transfer-Encoding");
        }
        head.framing = body_framing::chunked;
        return std::nullopt;
    }
    if (fields.lengths > 0) {
        auto length = ascii::parse_decimal(fields.length);
        if (fields.lengths > 1 || !length) {
            return malformed_response("ambiguous Content-Length");
        }
        head.framing = *length > 0 ? body_framing::length : body_framing::none;
        head.content_length = *length;
        return std::nullopt;
    }
    head.framing = body_framing::until_close;
    head.keep_alive = false;
    return std::nullopt;
}

} // namespace vertex_relay::core
