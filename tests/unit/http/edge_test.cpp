// Policy rows 10 to 15: key, path, method, upgrade, content type, expectation, announced size,
// and the order of the checks.

#include "unit/http/edge_request.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::tests;

namespace {

constexpr std::string_view chat = "/v1/chat/completions";
constexpr header_field json{"Content-Type", "application/json"};

std::string post(std::vector<header_field> fields,
                 edge_rules const& rules = default_rules()) {
    return verdict({.method = "POST", .target = chat, .fields = std::move(fields)}, rules);
}

} // namespace

TEST_CASE("the key must be given exactly", "[http][edge]") {
    auto rules = default_rules();
    rules.api_key = std::make_shared<secret const>(std::string("sk-local-123"));
    auto with = [&](std::string_view value) {
        return verdict({.fields = {{"Authorization", value}}}, rules);
    };
    CHECK(with("Bearer sk-local-123") == "ok");
    CHECK(with("bearer sk-local-123") == "ok");
    CHECK(with("BEARER   sk-local-123 ") == "ok");
    for (auto value : {"", "Bearer", "Bearer ", "sk-local-123", "Basic sk-local-123",
                       "Bearer sk-local-12", "Bearer sk-local-1234", "Bearer SK-LOCAL-123",
                       "Bearer xsk-local-123", "Bearersk-local-123", "Bearer sk-local-123, x"}) {
        CAPTURE(value);
        CHECK(with(value) == "401 invalid_api_key");
    }
    CHECK(verdict(edge_request{}, rules) == "401 invalid_api_key");
    CHECK(verdict({.target = "/nowhere"}, rules) == "401 invalid_api_key"); // no map of routes
    CHECK(verdict({.target = "/livez"}, rules) == "ok");
    CHECK(verdict({.target = "/readyz"}, rules) == "ok");
    auto refusal = admit(head_of({}), rules).error();
    CHECK(refusal.type == "authentication_error");
    CHECK(refusal.retry == retry_advice::never);
    CHECK(refusal.message.find("sk-local") == std::string::npos);
}

TEST_CASE("a client's own key is ignored when none is needed", "[http][edge]") {
    CHECK(verdict({.fields = {{"Authorization", "Bearer sk-anything"}}}, default_rules()) == "ok");
}

TEST_CASE("an unknown method on a known path names the ones it has", "[http][edge]") {
    struct row {
        std::string_view method, target, allow;
    };
    auto line = GENERATE(row{"GET", chat, "POST"}, row{"HEAD", chat, "POST"},
                         row{"PUT", chat, "POST"}, row{"TRACE", chat, "POST"},
                         row{"post", chat, "POST"}, row{"POST", "/v1/models", "GET, HEAD"},
                         row{"DELETE", "/v1/models/a", "GET, HEAD"},
                         row{"TRACE", "/v1/models", "GET, HEAD"},
                         row{"POST", "/livez", "GET, HEAD"});
    CAPTURE(line.method, line.target);
    auto refusal = admit(head_of({.method = line.method, .target = line.target}), default_rules());
    REQUIRE_FALSE(refusal);
    CHECK(refusal.error().status == 405);
    CHECK(refusal.error().code == "method_not_allowed");
    CHECK(refusal.error().allow == line.allow);
}

TEST_CASE("HEAD is GET without a body", "[http][edge]") {
    CHECK(admit(head_of({.method = "HEAD"}), default_rules()));
    CHECK(admit(head_of({.method = "GET"}), default_rules()));
}

TEST_CASE("WebSockets are told to use HTTP, other upgrades ignored", "[http][edge]") {
    auto with = [](std::string_view value) {
        return verdict({.fields = {{"Connection", "Upgrade"}, {"Upgrade", value}}},
                       default_rules());
    };
    CHECK(with("websocket") == "426 upgrade_not_available");
    CHECK(with("WebSocket") == "426 upgrade_not_available");
    CHECK(with("h2c, websocket") == "426 upgrade_not_available");
    CHECK(with("h2c") == "ok");
    CHECK(with("TLS/1.0") == "ok");
    CHECK(verdict({.target = "/v1/realtime?model=a", .fields = {{"Upgrade", "websocket"}}},
                  default_rules()) == "426 upgrade_not_available");
    CHECK(verdict({.fields = {{"Origin", "http://evil.com"}, {"Upgrade", "websocket"}}},
                  default_rules()) == "403 origin_not_allowed");
}

TEST_CASE("a body is JSON and says so", "[http][edge]") {
    struct row {
        std::string_view type;
        bool good;
    };
    auto line = GENERATE(row{"application/json", true}, row{"Application/JSON", true},
                         row{"application/json; charset=utf-8", true},
                         row{"application/json;charset=UTF-8", true},
                         row{"application/json; charset=\"utf-8\"", true},
                         row{"application/json ; charset=utf-8", true},
                         row{"application/json; charset=utf8", true},
                         row{"application/json; version=1", true}, row{"", false},
                         row{"text/plain", false}, row{"text/plain;application/json", false},
                         row{"application/x-www-form-urlencoded", false},
                         row{"multipart/form-data; boundary=application/json", false},
                         row{"application/jsonx", false}, row{"xapplication/json", false},
                         row{"application/json, text/plain", false}, row{"*/*", false},
                         row{"application/json; charset=utf-16", false},
                         row{"application/json; charset=iso-8859-1", false},
                         row{"application/json; charset=utf-16; x=utf-8", false},
                         row{"application/vnd.api+json", false});
    CAPTURE(line.type);
    auto expected = line.good ? "ok" : "415 unsupported_media_type";
    CHECK(post({{"Content-Type", line.type}}) == expected);
}

TEST_CASE("no content type, two of them, or a compressed body are refused", "[http][edge]") {
    CHECK(post({}) == "415 unsupported_media_type");
    CHECK(post({json, json}) == "415 unsupported_media_type");
    CHECK(post({json, {"Content-Encoding", "gzip"}}) == "415 unsupported_media_type");
    CHECK(post({json, {"Content-Encoding", "identity"}}) == "ok");
    CHECK(post({json, {"Content-Encoding", ""}}) == "415 unsupported_media_type");
}

TEST_CASE("lenient content types never help a web page", "[http][edge]") {
    auto rules = default_rules();
    rules.lenient_content_type = true;
    rules.allow_origin = {"https://app.example"};
    CHECK(post({}, rules) == "ok");
    CHECK(post({{"Content-Type", "text/plain"}}, rules) == "ok");
    CHECK(post({{"Content-Type", "application/x-www-form-urlencoded"}}, rules) == "ok");
    CHECK(post({{"Content-Type", "multipart/form-data"}}, rules) == "415 unsupported_media_type");
    CHECK(post({{"Sec-Fetch-Site", "none"}}, rules) == "415 unsupported_media_type");
    CHECK(post({{"Origin", "https://app.example"}}, rules) == "415 unsupported_media_type");
    CHECK(post({json, {"Origin", "https://app.example"}}, rules) == "ok");
}

TEST_CASE("an expectation is 100-continue or refused", "[http][edge]") {
    auto head =
        head_of({.method = "POST", .target = chat, .fields = {json, {"Expect", "100-Continue"}}});
    CHECK(admit(head, default_rules())->expects_continue);
    head.version = 10;
    CHECK_FALSE(admit(head, default_rules())->expects_continue);
    CHECK(post({json, {"Expect", "200-ok"}}) == "417 expectation_failed");
    CHECK(post({json, {"Expect", ""}}) == "417 expectation_failed");
    CHECK(post({json, {"Expect", "100-continue"}, {"Expect", "x"}}) == "417 expectation_failed");
    CHECK_FALSE(admit(head_of({.method = "POST", .target = chat, .fields = {json}}),
                      default_rules())
                    ->expects_continue);
}

TEST_CASE("an announced body above the limit is refused unread", "[http][edge]") {
    auto sized = [](std::size_t bytes, body_framing framing = body_framing::length) {
        auto head = head_of({.method = "POST", .target = chat, .fields = {json}});
        head.framing = framing;
        head.content_length = bytes;
        return admit(head, default_rules());
    };
    CHECK(sized(1000));
    CHECK(sized(0, body_framing::chunked));
    auto refused = sized(1001);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status == 413);
    CHECK(refused.error().code == "request_too_large");
    CHECK(refused.error().close);
    CHECK_THAT(refused.error().message, Catch::Contains("1000"));
}

TEST_CASE("with an admin address each listener serves its own", "[http][edge]") {
    auto rules = default_rules();
    auto on = [&](edge_scope scope, std::string_view target) {
        rules.scope = scope;
        return verdict({.target = target}, rules);
    };
    for (auto probe : {"/livez", "/readyz", "/metrics"}) {
        CAPTURE(probe);
        CHECK(on(edge_scope::all, probe) == "ok");
        CHECK(on(edge_scope::probes, probe) == "ok");
        CHECK(on(edge_scope::api, probe) == "404 not_found");
    }
    CHECK(on(edge_scope::api, "/v1/models") == "ok");
    CHECK(on(edge_scope::probes, "/v1/models") == "404 not_found");
    CHECK(on(edge_scope::probes, "/v1/models/a") == "404 not_found");
}

TEST_CASE("the first rule that fails answers", "[http][edge]") {
    auto rules = default_rules();
    rules.api_key = std::make_shared<secret const>(std::string("k"));
    auto head = head_of({.method = "PUT", .target = "/nowhere", .host = "evil.com",
                         .fields = {{"Origin", "http://evil.com"}, {"Upgrade", "websocket"},
                                    {"Expect", "x"}}});
    CHECK(verdict_of(head, rules) == "403 host_not_allowed");
    head.fields[0].value = "localhost";
    CHECK(verdict_of(head, rules) == "403 origin_not_allowed");
    head.fields[1] = {"Authorization", "Bearer x"};
    CHECK(verdict_of(head, rules) == "401 invalid_api_key");
    head.fields[1].value = "Bearer k";
    CHECK(verdict_of(head, rules) == "426 upgrade_not_available");
    head.fields[2].value = "h2c";
    CHECK(verdict_of(head, rules) == "404 not_found");
    head.target = head.path = chat;
    CHECK(verdict_of(head, rules) == "405 method_not_allowed");
    head.method = "POST";
    head.framing = body_framing::length;
    head.content_length = 5000;
    CHECK(verdict_of(head, rules) == "415 unsupported_media_type");
    head.fields.push_back(json);
    CHECK(verdict_of(head, rules) == "417 expectation_failed");
    head.fields[3].value = "100-continue";
    CHECK(verdict_of(head, rules) == "413 request_too_large");
    head.content_length = 5;
    CHECK(verdict_of(head, rules) == "ok");
}
