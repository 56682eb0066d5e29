#include "core/vertex/location.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, ascii::is_digit);
}

} // namespace

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
    constexpr std::string_view domain = ".prediction.vertexai.goog";
    auto prefix = fmt::format("{}.{}-", endpoint, location);
    if (!dns.starts_with(prefix) || !dns.ends_with(domain) ||
        dns.size() < prefix.size() + domain.size()) {
        return std::nullopt;
    }
    auto number = dns.substr(prefix.size(), dns.size() - prefix.size() - domain.size());
    return is_number(number) ? std::optional<std::string>(dns) : std::nullopt;
}

} // namespace vertex_relay::core
