#include "core/http/head.hpp"

#include "core/ascii.hpp"
#include "core/http/framing.hpp"
#include "core/http/head_syntax.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

constexpr std::size_t typical_fields = 24;

std::optional<std::string_view> find_field(std::vector<header_field> const& fields,
                                           std::string_view name) {
    for (auto const& field : fields) {
        if (ascii::iequals(field.name, name)) {
            return field.value;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::string_view> request_head::find(std::string_view name) const {
    return find_field(fields, name);
}

std::size_t request_head::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        fields, [&](header_field const& field) { return ascii::iequals(field.name, name); }));
}

std::optional<std::string_view> response_head::find(std::string_view name) const {
    return find_field(fields, name);
}

head_scan find_head_end(std::string_view bytes, std::size_t from) {
    using enum head_scan::verdict;
    for (auto at = bytes.find('\n', from); at != bytes.npos; at = bytes.find('\n', at + 1)) {
        if (at == 0 || bytes[at - 1] != '\r') {
            return {malformed};
        }
        bool empty_line = at >= 3 && bytes[at - 2] == '\n';
        if (empty_line) {
            return {complete, at + 1};
        }
    }
    return {incomplete};
}

result<request_head> parse_request_head(std::string_view head, head_limits const& limits) {
    if (head.size() > limits.head_bytes) {
        return std::unexpected(closing(invalid_request(
            431, "headers_too_large",
            fmt::format("The request head is larger than {} bytes (limits.head_bytes).",
                        limits.head_bytes))));
    }
    request_head out;
    out.size = head.size();
    out.fields.reserve(typical_fields);
    auto line = head.substr(0, head.find("\r\n"));
    if (auto bad = read_request_line(line, limits, out)) {
        return std::unexpected(std::move(*bad));
    }
    if (auto const* rule = read_fields(head.substr(line.size() + 2), out.fields)) {
        return std::unexpected(malformed_request(rule));
    }
    if (auto bad = check_request_framing(out, limits)) {
        return std::unexpected(std::move(*bad));
    }
    return out;
}

result<response_head> parse_response_head(std::string_view head) {
    response_head out;
    out.fields.reserve(typical_fields);
    auto line = head.substr(0, head.find("\r\n"));
    if (!read_status_line(line, out)) {
        return std::unexpected(malformed_response("not an HTTP status line"));
    }
    if (auto const* rule = read_fields(head.substr(line.size() + 2), out.fields)) {
        return std::unexpected(malformed_response(rule));
    }
    if (auto bad = check_response_framing(out)) {
        return std::unexpected(std::move(*bad));
    }
    return out;
}

} // namespace vertex_relay::core
