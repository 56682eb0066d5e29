#include "core/http/trace_context.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

constexpr std::size_t parent_bytes = 55; // 00-{32}-{16}-{2}
constexpr std::size_t state_bytes_max = 512;
constexpr std::size_t state_members_max = 32;
constexpr std::size_t key_bytes_max = 256;
constexpr std::size_t value_bytes_max = 256;

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); // upper case is invalid
    });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != text.npos;
}

/// Section 3.2: version, trace id, parent id, flags; a later version may have more behind a dash.
bool is_parent(std::string_view text) {
    if (text.size() < parent_bytes || text[2] != '-' || text[35] != '-' || text[52] != '-') {
        return false;
    }
    auto version = text.substr(0, 2);
    bool more = text.size() > parent_bytes;
    bool fits = more ? version != "00" && text[parent_bytes] == '-' : true;
    return fits && is_hex(version) && version != "ff" && is_id(text.substr(3, 32)) &&
           is_id(text.substr(36, 16)) && is_hex(text.substr(53, 2));
}

bool is_state_key(std::string_view key) {
    auto lower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    constexpr std::string_view others = "_-*/@";
    return !key.empty() && key.size() <= key_bytes_max && lower(key.front()) &&
           std::ranges::all_of(key, [&](char c) {
               return lower(c) || others.find(c) != others.npos;
           });
}

bool is_state_value(std::string_view value) {
    return !value.empty() && value.size() <= value_bytes_max && value.back() != ' ' &&
           std::ranges::all_of(value, [](char c) {
               return c >= 0x20 && c <= 0x7e && c != ',' && c != '=';
           });
}

/// Section 3.3; empty members are allowed.
bool is_state(std::string_view text) {
    std::size_t members = 0;
    bool good = text.size() <= state_bytes_max;
    while (good && !text.empty()) {
        auto comma = std::min(text.find(','), text.size());
        auto member = ascii::trim(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (member.empty()) {
            continue;
        }
        auto equals = std::min(member.find('='), member.size());
        good = ++members <= state_members_max && equals < member.size() &&
               is_state_key(member.substr(0, equals)) && is_state_value(member.substr(equals + 1));
    }
    return good && members > 0;
}

/// The fields of that name as one list (RFC 9110 section 5.3).
std::string joined(request_head const& head, std::string_view name) {
    std::string all;
    for (auto const& field : head.fields) {
        if (ascii::iequals(field.name, name)) {
            all += all.empty() ? "" : ",";
            all += field.value;
        }
    }
    return all;
}

} // namespace

trace_context find_trace(request_head const& head) {
    auto parent = head.find("traceparent");
    if (!parent || !is_parent(*parent) || head.count("traceparent") > 1) {
        return {};
    }
    trace_context out;
    out.parent = parent->substr(0, parent_bytes);
    out.parent.replace(0, 2, "00");
    auto state = joined(head, "tracestate");
    if (is_state(state)) {
        out.state = std::move(state);
    }
    return out;
}

} // namespace vertex_relay::core
