#include "core/google/token_call.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace vertex_relay::core::google {
namespace {

constexpr milliseconds connect_timeout{5'000};
constexpr milliseconds call_timeout{10'000};
constexpr milliseconds metadata_connect_timeout{1'000};
constexpr milliseconds metadata_timeout{5'000};
constexpr std::string_view user_agent = "vertex-relay/" RELAY_VERSION;

} // namespace

std::string_view token_response::header(std::string_view name) const {
    auto found = std::ranges::find_if(
        headers, [&](auto const& field) { return ascii::iequals(field.first, name); });
    return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

token_call get_call(token_address const& address) {
    return {.scheme = address.scheme,
            .host = address.host,
            .port = address.port,
            .method = "GET",
            .target = address.target,
            .headers = {{"User-Agent", std::string(user_agent)}},
            .connect_timeout = connect_timeout,
            .timeout = call_timeout};
}

token_call post_call(token_address const& address, std::string_view content_type, secret body) {
    auto call = get_call(address);
    call.method = "POST";
    call.headers.emplace_back("Content-Type", content_type);
    call.headers.emplace_back("Accept", "application/json");
    call.body = std::move(body);
    return call;
}

token_call as_metadata_call(token_call call) {
    call.connect_timeout = metadata_connect_timeout;
    call.timeout = metadata_timeout;
    call.direct = true;
    return call;
}

std::string place_of(token_call const& call) {
    auto host = call.host.find(':') == std::string::npos ? call.host : "[" + call.host + "]";
    bool standard = call.port == (call.scheme == "https" ? 443 : 80);
    return call.scheme + "://" + host + (standard ? "" : ":" + std::to_string(call.port)) +
           call.target.substr(0, call.target.find('?'));
}

} // namespace vertex_relay::core::google
