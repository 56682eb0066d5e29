#include "simulator/resource_path.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::simulator {

namespace {

/// Takes the segment up to the next slash from the front.
std::string_view take_segment(std::string_view& path) {
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    return segment;
}

} // namespace

std::optional<resource_path> parse_resource_path(std::string_view path) {
    if (!path.starts_with('/')) {
        return std::nullopt;
    }
    path.remove_prefix(1);
    resource_path out;
    out.version = take_segment(path);
    bool good = out.version == "v1" || out.version == "v1beta1";
    good = take_segment(path) == "projects" && good;
    out.project = take_segment(path);
    good = take_segment(path) == "locations" && good;
    out.location = take_segment(path);
    out.rest = path;
    good = good && !out.project.empty() && !out.location.empty() && !out.rest.empty();
    return good ? std::optional(out) : std::nullopt;
}

std::optional<endpoint_path> parse_endpoint(std::string_view rest) {
    if (take_segment(rest) != "endpoints") {
        return std::nullopt;
    }
    auto colon = rest.find(':');
    auto slash = rest.find('/');
    if (colon < slash) {
        return endpoint_path{.id = rest.substr(0, colon), .verb = rest.substr(colon)};
    }
    auto id = take_segment(rest);
    return endpoint_path{.id = id, .verb = rest};
}

bool is_endpoint_id(std::string_view id) {
    return id.starts_with("mg-endpoint-") ||
           (!id.empty() && std::ranges::all_of(id, core::ascii::is_digit));
}

host_fit fit_of(std::string_view host, std::string_view location) {
    if (host == "127.0.0.1" || host == "localhost" || host == "[::1]") {
        return host_fit::loopback;
    }
    if (host.ends_with(".prediction.vertexai.goog")) {
        return host_fit::dedicated;
    }
    bool multi = location == "us" || location == "eu";
    bool fits = host == "aiplatform.googleapis.com" ||
                (multi && host == fmt::format("aiplatform.{}.rep.googleapis.com", location)) ||
                (!multi && location != "global" &&
                 host == fmt::format("{}-aiplatform.googleapis.com", location));
    return fits ? host_fit::shared : host_fit::wrong;
}

} // namespace vertex_relay::simulator
