// Policy row 9: which users of this machine get in, and when they are asked for at all.

#include "unit/http/edge_request.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

peer_rules strict() { return {.on = true, .uids = {0, 1000}, .groups = {50}}; }

bool gets_in(peer_rules const& rules, std::optional<peer> const& who) {
    return !check_peer(rules, who);
}

/// `on`, `must` or `off`.
std::string choice(config const& settings, peer_surroundings const& here) {
    auto chosen = choose_peer_check(settings, here);
    CHECK_FALSE(chosen.why.empty());
    CHECK((chosen.on || !chosen.must));
    return chosen.must ? "must" : chosen.on ? "on" : "off";
}

config with(std::string_view peer_check) {
    config settings;
    settings.access.peer_check = peer_check;
    return settings;
}

} // namespace

TEST_CASE("own and listed users and groups get in", "[http][peer]") {
    CHECK(gets_in(strict(), peer{.uid = 0}));
    CHECK(gets_in(strict(), peer{.uid = 1000}));
    CHECK_FALSE(gets_in(strict(), peer{.uid = 1001}));
    CHECK_FALSE(gets_in(strict(), peer{.uid = 65'534}));
    CHECK(gets_in(strict(), peer{.uid = 1001, .groups = {7, 50}}));
    CHECK_FALSE(gets_in(strict(), peer{.uid = 1001, .groups = {0, 1000}})); // no uids
}

TEST_CASE("who cannot be told stays out, who is elsewhere is not asked", "[http][peer]") {
    CHECK_FALSE(gets_in(strict(), peer{}));
    CHECK_FALSE(gets_in({.on = true}, peer{}));
    CHECK(gets_in(strict(), std::nullopt));
    CHECK(gets_in({}, peer{}));
    CHECK(gets_in({}, peer{.uid = 1001}));
}

TEST_CASE("a refused user learns which, and what lets it in", "[http][peer]") {
    auto refused = check_peer(strict(), peer{.uid = 1001}).value();
    CHECK(refused.status == 403);
    CHECK(refused.code == "peer_not_allowed");
    CHECK(refused.retry == retry_advice::never);
    CHECK_THAT(refused.message, Catch::Contains("uid 1001 ") &&
                                    Catch::Contains("--access-allow-uid 1001") &&
                                    Catch::Contains("--access-peer-check off"));
}

TEST_CASE("the user is checked behind the web page and before the key", "[http][peer][edge]") {
    auto rules = default_rules();
    rules.peers = strict();
    rules.api_key = std::make_shared<secret const>(std::string("k"));
    auto ask = [&](edge_request const& request) {
        auto admitted = admit(head_of(request), rules, peer{.uid = 1001});
        return admitted ? "ok" : admitted.error().code;
    };
    CHECK(ask({.host = "evil.com"}) == "host_not_allowed");
    CHECK(ask({.fields = {{"Origin", "http://evil.com"}}}) == "origin_not_allowed");
    CHECK(ask({}) == "peer_not_allowed");
    CHECK(ask({.fields = {{"Authorization", "Bearer k"}}}) == "peer_not_allowed");
    CHECK(ask({.target = "/nowhere"}) == "peer_not_allowed");
    CHECK(ask({.target = "/livez"}) == "ok");
    CHECK(ask({.target = "/readyz"}) == "ok");
    CHECK(admit(head_of({}), rules, peer{.uid = 1000}).error().code == "invalid_api_key");
}

TEST_CASE("auto asks for login users outside containers", "[http][peer]") {
    struct row {
        std::uint32_t uid;
        std::string_view wanted;
    };
    for (auto [uid, wanted] :
         {row{0, "on"}, row{1, "off"}, row{999, "off"}, row{1000, "on"}, row{60'000, "on"},
          row{61'183, "on"}, row{61'184, "off"}, row{65'519, "off"}, row{65'534, "off"},
          row{65'535, "on"}, row{100'000, "on"}, row{1'400'000'000, "on"}}) {
        CAPTURE(uid);
        CHECK(choice(with("auto"), {.uid = uid}) == wanted);
        CHECK(choice(with("auto"), {.uid = uid, .container = true}) == "off");
        CHECK(choice(with("auto"), {.uid = uid, .initial_namespace = false}) == "off");
        CHECK(choice(with("on"), {.uid = uid, .container = true}) == "must");
        CHECK(choice(with("off"), {.uid = uid}) == "off");
    }
}

TEST_CASE("a list of users is a wish to be asked", "[http][peer]") {
    peer_surroundings service{.uid = 998, .container = true};
    auto settings = with("auto");
    settings.access.allow_uid = {"1000"};
    CHECK(choice(settings, service) == "must");
    settings.access = {};
    settings.access.allow_group = {"staff"};
    CHECK(choice(settings, service) == "must");
    settings.access.peer_check = "off";
    CHECK(choice(settings, service) == "off");
}

TEST_CASE("auto is about addresses of this machine", "[http][peer]") {
    peer_surroundings login{.uid = 1000};
    auto settings = with("auto");
    settings.listen = {"0.0.0.0:80", "192.168.1.2:80"};
    CHECK(choice(settings, login) == "off");
    for (auto local : {"127.0.0.1:80", "[::1]:80", "unix:/run/relay.sock"}) {
        settings.listen.back() = local;
        CHECK(choice(settings, login) == "on");
    }
}
