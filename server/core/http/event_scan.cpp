#include "core/http/event_scan.hpp"

#include "core/ascii.hpp"

#include <cstring>

namespace vertex_relay::core {

namespace {

constexpr std::string_view data_field = "data:";

/// Of a longer line (an image) only the field name and the end are kept: finish reason and usage
/// stand there.
constexpr std::size_t partial_bytes_max = 64 * 1024;
constexpr std::size_t tail_bytes = 4 * 1024;

std::size_t find_line_end(std::string_view text, std::size_t from) {
    auto at = text.find('\n', from);
    auto cr = text.substr(0, at).find('\r', from);
    return cr != text.npos ? cr : at;
}

std::optional<std::uint64_t> find_number(std::string_view json, std::string_view key) {
    auto at = json.find(key);
    if (at == json.npos) {
        return std::nullopt;
    }
    auto rest = json.substr(at + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(": \t\r\n"), rest.size()));
    auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    return ascii::parse_decimal<std::uint64_t>(rest.substr(0, end));
}

/// `"finish_reason":"…"` with any blanks; null does not count. Inside content the quotes are
/// escaped, so that the key cannot be met there.
std::size_t count_finish_reasons(std::string_view json) {
    std::size_t count = 0;
    constexpr std::string_view key = "\"finish_reason\"";
    constexpr std::string_view blanks = " \t";
    for (auto at = json.find(key); at != json.npos; at = json.find(key, at + 1)) {
        auto colon = json.find_first_not_of(blanks, at + key.size());
        auto value = colon == json.npos ? colon : json.find_first_not_of(blanks, colon + 1);
        if (value != json.npos && json[colon] == ':' && json[value] == '"') {
            ++count;
        }
    }
    return count;
}

/// `{"error":{…` or `{"error":"…`: vLLM, TGI and Google say it like that, each alone in its event.
bool is_error(std::string_view json) {
    constexpr std::string_view key = "\"error\"";
    constexpr std::string_view blanks = " \t";
    auto at = json.find_first_not_of(blanks, 1);
    if (!json.starts_with('{') || at == json.npos || !json.substr(at).starts_with(key)) {
        return false;
    }
    auto colon = json.find_first_not_of(blanks, at + key.size());
    auto value = colon == json.npos ? colon : json.find_first_not_of(blanks, colon + 1);
    return value != json.npos && json[colon] == ':' && (json[value] == '{' || json[value] == '"');
}

} // namespace

std::optional<token_usage> find_usage(std::string_view json) {
    auto at = json.rfind("\"usage\"");
    if (at == json.npos) {
        return std::nullopt;
    }
    json.remove_prefix(at);
    auto input = find_number(json, "\"prompt_tokens\"");
    auto output = find_number(json, "\"completion_tokens\"");
    if (!input && !output) {
        return std::nullopt;
    }
    return token_usage{.input = input.value_or(0),
                       .output = output.value_or(0),
                       .total = find_number(json, "\"total_tokens\"").value_or(0),
                       .cached = find_number(json, "\"cached_tokens\""),
                       .reasoning = find_number(json, "\"reasoning_tokens\"")};
}

std::optional<std::size_t> event_scan::feed(std::string_view text) {
    std::optional<std::size_t> boundary;
    std::size_t at = 0;
    if (pending_cr_ && !text.empty()) {
        pending_cr_ = false;
        at = text.front() == '\n' ? 1 : 0;
        if (at_boundary()) {
            boundary = at;
        }
    }
    while (at < text.size() && !foreign_ && !over()) {
        if (line_empty_ && !event_open_ && (text[at] == '{' || text[at] == '[')) {
            foreign_ = true;
            break;
        }
        auto end = find_line_end(text, at);
        if (end == text.npos) {
            keep_partial(text.substr(at));
            return boundary;
        }
        end_line(text.substr(at, end - at));
        at = end + 1;
        if (text[end] == '\r') {
            if (at == text.size()) {
                pending_cr_ = true;
                return boundary;
            }
            at += text[at] == '\n' ? 1 : 0;
        }
        if (!event_open_) {
            boundary = at;
        }
    }
    return boundary;
}

void event_scan::end_line(std::string_view rest) {
    bool blank = line_empty_ && rest.empty();
    if (!blank) {
        event_open_ = true;
        if (partial_.empty()) {
            inspect(rest);
        } else {
            keep_partial(rest);
            inspect(partial_);
            partial_.clear();
        }
    } else {
        event_open_ = false;
    }
    line_empty_ = true;
}

void event_scan::keep_partial(std::string_view rest) {
    line_empty_ = line_empty_ && rest.empty();
    if (partial_.size() + rest.size() > partial_bytes_max) {
        auto start =
            rest.substr(0, data_field.size() - std::min(partial_.size(), data_field.size()));
        partial_ += start;
        rest.remove_prefix(start.size());
        rest.remove_prefix(rest.size() - std::min(rest.size(), tail_bytes));
        auto keep = std::min(tail_bytes - rest.size(), partial_.size() - data_field.size());
        partial_.erase(data_field.size(), partial_.size() - data_field.size() - keep);
    }
    partial_ += rest;
}

void event_scan::rewind(event_scan const& boundary) {
    auto memory = std::move(partial_);
    memory.clear();
    *this = boundary;
    partial_ = std::move(memory);
}

void event_scan::inspect(std::string_view line) {
    if (!line.starts_with(data_field)) {
        return;
    }
    auto text = ascii::trim(line.substr(data_field.size()));
    if (text == "[DONE]") {
        done_ = true;
        return;
    }
    // `usage` sorts last, so an event that carries it ends in two braces: most events do not.
    if (text.ends_with("}}")) {
        if (auto found = find_usage(text)) {
            usage_ = found;
        }
    }
    finishes_ += count_finish_reasons(text);
    failed_ = failed_ || is_error(text);
    foreign_ = foreign_ || failed_;
}

} // namespace vertex_relay::core
