#include "core/vertex/location.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// Takes the longest run of characters that `matches` off the front; true if there was one.
template <class Match>
bool take(std::string_view& text, Match matches) {
    auto end = std::ranges::find_if_not(text, matches);
    auto size = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(size);
    return size > 0;
}

} // namespace

bool is_location(std::string_view text) {
    if (text.size() > 63 || !take(text, is_lower)) {
        return false;
    }
    if (text.empty()) {
        return true;
    }
    if (text.front() != '-') {
        return false;
    }
    text.remove_prefix(1);
    return take(text, is_lower) && take(text, ascii::is_digit) && text.empty();
}

std::string location_host(std::string_view location, std::string_view universe) {
    if (universe.empty()) {
        universe = "googleapis.com";
    }
    if (location == "global") {
        return fmt::format("aiplatform.{}", universe);
    }
    if (location == "us" || location == "eu") {
        return fmt::format("aiplatform.{}.rep.{}", location, universe);
    }
    return fmt::format("{}-aiplatform.{}", location, universe);
}

std::optional<std::string> trusted_dedicated_host(std::string_view dns, std::string_view endpoint,
                                                  std::string_view location) {
    constexpr std::string_view scheme = "https://";
    if (dns.starts_with(scheme)) {
        dns.remove_prefix(scheme.size());
    }
    if (dns.ends_with('/')) {
        dns.remove_suffix(1);
    }
    auto rest = dns;
    auto prefix = fmt::format("{}.{}-", endpoint, location);
    if (!rest.starts_with(prefix)) {
        return std::nullopt;
    }
    rest.remove_prefix(prefix.size());
    bool good = take(rest, ascii::is_digit) && rest == ".prediction.vertexai.goog";
    return good ? std::optional<std::string>(dns) : std::nullopt;
}

} // namespace vertex_relay::core
