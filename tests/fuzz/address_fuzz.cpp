// Any text is an address or is refused. What is taken has a host that can stand in a request line
// and in a header, and what a proxy answers opens a tunnel in one piece exactly if it does byte by
// byte.

#include "core/config/listen_address.hpp"
#include "core/egress/ip_address.hpp"
#include "core/egress/proxy.hpp"
#include "core/egress/tunnel.hpp"
#include "core/google/token_address.hpp"
#include "core/http/authority.hpp"
#include "core/vertex/location.hpp"
#include "core/vertex/route_table.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_head.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

void check_host(std::string_view host) {
    require(!host.empty() && host.find_first_of(" /?#@\\\r\n\t") == host.npos,
            "a host that is none");
    require(is_storm_value(host), "a host that could end its field");
}

void check_addresses(std::string const& text) {
    if (auto named = core::parse_authority(text)) {
        check_host(named->host);
    }
    if (auto named = core::parse_upstream_endpoint(text)) {
        check_host(named->name);
    }
    if (auto named = core::parse_proxy(text, "HTTPS_PROXY")) {
        check_host(named->host);
        require(is_storm_value(named->credentials.reveal()), "credentials that could end a field");
    } else {
        require(text.size() < 5 || named.error().find(text) == std::string::npos,
                "a password told");
    }
    if (auto named = core::parse_listen_address(text)) {
        require(named->is_unix() ? named->path.size() <= 107 : !named->host.empty(), "a listener");
    }
    core::google::credential_rules rules;
    if (auto named = core::google::parse_token_address(text, "token_uri", rules)) {
        require(named->scheme == "https" && named->port == 443, "a token in the open");
        require(named->host.ends_with(".googleapis.com"), "a token to a stranger");
    }
    if (auto host = core::trusted_dedicated_host(text, "123", "us-central1")) {
        require(host->starts_with("123.us-central1-") &&
                    host->ends_with(".prediction.vertexai.goog"),
                "a dedicated host that is none");
    }
    core::ip_network::parse(text);
}

void check_tunnel(std::string const& text, unsigned cuts) {
    using enum core::tunnel_answer::verdict;
    core::tunnel_answer whole;
    core::tunnel_answer slow;
    auto at_once = whole.take(text);
    auto verdict = more;
    std::string behind;
    for (auto const& piece : pieces_of(text, cuts)) {
        if (verdict != more) {
            behind += piece;
        } else {
            verdict = slow.take(piece);
        }
    }
    require(text.empty() || at_once == verdict, "another verdict on a proxy");
    require(verdict != open || whole.rest() == std::string(slow.rest()) + behind,
            "bytes of the target lost or found");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto text = text_of(bytes, size);
    check_addresses(text);
    auto cuts = take_choice(text);
    check_tunnel(text, cuts);
    return 0;
}
