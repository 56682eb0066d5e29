#include "core/conformance/redaction.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core::conformance {

namespace {

constexpr std::size_t secret_bytes_min = 6; // the shortest project id

bool is_name(char c) {
    return ascii::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

bool is_word(char c) { return ascii::is_alnum(c) || c == '_'; }

std::size_t run_length(std::string_view text, bool (*fits)(char)) {
    auto end = std::ranges::find_if_not(text, fits);
    return static_cast<std::size_t>(end - text.begin());
}

/// What stands behind these words is a project, as far as the given characters go.
struct lead {
    std::string_view words;
    bool (*fits)(char);
    std::string_view stand_in;
};
constexpr std::array leads{
    lead{"projects/", is_name, "PROJECT"},
    lead{"project=", is_name, "PROJECT"},
    lead{"project ", ascii::is_digit, "PROJECT"},
    lead{"project number ", ascii::is_digit, "PROJECT"},
    lead{"bearer ", is_name, "TOKEN"},
};

/// Such text begins an access token of Google.
constexpr std::string_view token_start = "ya29.";

/// `9.7.144.202`; 0 if there is none at the front.
std::size_t address_length(std::string_view text) {
    std::size_t at = 0;
    for (int part = 0; part < 4; ++part) {
        auto digits = run_length(text.substr(at), ascii::is_digit);
        bool dotted = part == 3 || text.substr(at + digits).starts_with('.');
        if (digits == 0 || digits > 3 || !dotted) {
            return 0;
        }
        at += digits + (part == 3 ? 0 : 1);
    }
    return at < text.size() && (is_word(text[at]) || text[at] == '.') ? 0 : at;
}

bool is_local_part(char c) { return is_name(c) || c == '+' || c == '%'; }

/// `somebody@example.com`; 0 if there is none at the front.
std::size_t mail_length(std::string_view text) {
    auto local = run_length(text, is_local_part);
    if (local == 0 || !text.substr(local).starts_with('@')) {
        return 0;
    }
    auto domain = run_length(text.substr(local + 1), is_name);
    auto dotted = text.substr(local + 1, domain).find('.') != std::string_view::npos;
    return dotted ? local + 1 + domain : 0;
}

/// `-123456.prediction.vertexai.goog`: the length of the number behind the dash.
std::size_t host_number_length(std::string_view text) {
    auto digits = run_length(text.substr(1), ascii::is_digit);
    bool host = text.substr(1 + digits).starts_with(".prediction.");
    return host ? digits : 0;
}

/// What is found at the front of a text, where a word begins.
struct hit {
    std::size_t kept = 0; ///< bytes that stay
    std::size_t gone = 0; ///< bytes behind them that are replaced; 0: no hit
    std::string_view stand_in = {};
};

hit find_lead(std::string_view text) {
    for (auto const& one : leads) {
        if (ascii::istarts_with(text, one.words)) {
            auto size = run_length(text.substr(one.words.size()), one.fits);
            if (size > 0) {
                return {one.words.size(), size, one.stand_in};
            }
        }
    }
    return {};
}

hit find_pattern(std::string_view text) {
    if (auto found = find_lead(text); found.gone > 0) {
        return found;
    }
    if (text.starts_with(token_start)) {
        return {0, run_length(text, is_name), "TOKEN"};
    }
    if (auto size = mail_length(text); size > 0) {
        return {0, size, "someone@example.com"};
    }
    auto address = address_length(text);
    return {0, address, "192.0.2.1"};
}

std::string replace_all(std::string_view text, std::string_view secret, std::string_view by) {
    auto same = [](char a, char b) { return ascii::lower(a) == ascii::lower(b); };
    std::string out;
    while (true) {
        auto at = std::ranges::search(text, secret, same);
        out.append(text.begin(), at.begin());
        if (at.empty()) {
            return out;
        }
        out += by;
        text = {at.end(), text.end()};
    }
}

std::string replace_patterns(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        bool begins = out.empty() || !is_local_part(out.back());
        auto found = begins ? find_pattern(text) : hit{};
        if (found.gone == 0 && text.front() == '-') {
            found = {1, host_number_length(text), "PROJECT"};
        }
        if (found.gone == 0) {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        out += text.substr(0, found.kept);
        out += found.stand_in;
        text.remove_prefix(found.kept + found.gone);
    }
    return out;
}

} // namespace

void redaction::hide(std::string secret, std::string stand_in) {
    if (secret.size() < secret_bytes_min) {
        return;
    }
    known_.emplace_back(std::move(secret), std::move(stand_in));
    std::ranges::sort(known_, std::ranges::greater(),
                      [](auto const& one) { return one.first.size(); });
}

std::string redaction::apply(std::string_view text) const {
    std::string out(text);
    for (auto const& [secret, stand_in] : known_) {
        out = replace_all(out, secret, stand_in);
    }
    return replace_patterns(out);
}

bool is_harmless_field(std::string_view name) {
    constexpr std::array<std::string_view, 14> harmless{
        "content-type",           "content-length",  "transfer-encoding", "content-encoding",
        "content-disposition",    "vary",            "server",            "retry-after",
        "x-content-type-options", "x-frame-options", "x-xss-protection",  "cache-control",
        "connection",             "alt-svc"};
    return std::ranges::any_of(harmless,
                               [name](auto one) { return ascii::iequals(one, name); });
}

} // namespace vertex_relay::core::conformance
