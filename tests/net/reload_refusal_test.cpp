// A configuration that cannot be used: the one before stays, and the log says why.

#include "net/relay_shape.hpp"
#include "net/reload_rig.hpp"
#include "net/token_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using Catch::Contains;

struct bad_config {
    std::string toml;
    std::string reason; ///< part of the log line
};

/// What no start would accept either.
std::vector<bad_config> wrong_texts() {
    return {{"[models\n", "config.toml:1"},
            {"retry = 3\n", "retry"},
            {"[retry]\nmaxx = 1\n", "did you mean retry.max?"},
            {"[retry]\nmax = \"two\"\n", "retry.max"},
            {"[retry]\nmax = 11\n", "retry.max"},
            {"[timeouts]\nhead_ms = 0\n", "timeouts.head_ms"},
            {"[google]\nlocation = \"evil.com/\"\n", "google.location"},
            {"[google]\nproject = \"a b\"\n", "google.project"},
            {"[upstream]\nendpoint = \"http://example.com\"\n", "upstream.endpoint"},
            {"[upstream]\nresolve = [\"a:1=b:2\"]\n", "upstream.resolve"},
            {"[upstream]\napi_version = \"v2\"\n", "upstream.api_version"},
            {"[models]\na = \"no-publisher\"\n", "models.a"},
            {"[models]\na = { model = \"google/x\", endpoint = \"1\" }\n", "models.a"},
            {"[models]\na = { model = \"google/x\", fallbacks = [\"x y\"] }\n", "fallbacks"},
            {"[access]\nallow_origin = [\"*\"]\n", "access.allow_origin"},
            {"[access]\npeer_check = \"maybe\"\n", "access.peer_check"},
            {"listen = [\"0.0.0.0:80\"]\n", "listen"}};
}

/// What is right by itself, but names something that is not there or is no good.
std::vector<bad_config> wrong_things(scratch_directory const& files) {
    auto garbage = files.write("garbage", "not what it should be");
    auto empty = files.write("empty", "\n");
    return {{"[access]\napi_key_file = \"/nonexistent/key\"\n", "/nonexistent/key"},
            {fmt::format("[access]\napi_key_file = \"{}\"\n", empty), "holds no key"},
            {"[access]\nallow_group = [\"no-such-group\"]\n", "no-such-group"},
            {"catalogue_file = \"/nonexistent/models.toml\"\n", "/nonexistent/models.toml"},
            {fmt::format("catalogue_file = \"{}\"\n", garbage), "catalogue_file"},
            {"[upstream]\nca_file = \"/nonexistent/ca.pem\"\n", "/nonexistent/ca.pem"},
            {fmt::format("[upstream]\nca_file = \"{}\"\n", garbage), "garbage"},
            {"[google]\ncredentials = \"/nonexistent/adc.json\"\n", "/nonexistent/adc.json"},
            {fmt::format("[google]\ncredentials = \"{}\"\n", garbage), "garbage"},
            {"[google]\ncredentials = \"/\"\n", "directory"}};
}

constexpr auto good = "[models]\na = \"google/gemini-3.5-flash\"\n";

void check_refused(reload_rig& rig, bad_config const& bad) {
    INFO(bad.toml);
    auto epoch = rig.current();
    auto line = rig.reload(bad.toml);
    CHECK_THAT(line, Contains(R"("level":"error")") && Contains("was not reloaded") &&
                         Contains(bad.reason));
    CHECK(rig.current() == epoch);
    CHECK(rig.ask(chat("a", true), 0).status == 200);
    CHECK(rig.ask(chat("a", false), 1).status == 200);
}

} // namespace

TEST_CASE("a bad configuration leaves the good one in use", "[reload]") {
    reload_rig rig(good);
    for (auto const& bad : wrong_texts()) {
        check_refused(rig, bad);
    }
    for (auto const& bad : wrong_things(rig.files)) {
        check_refused(rig, bad);
    }
    std::filesystem::remove(rig.config_file);
    CHECK_THAT(rig.reload(), Contains("was not reloaded") && Contains("config.toml"));
    CHECK(rig.ask(chat("a", true)).status == 200);
    CHECK_THAT(rig.reload(good), Contains("no setting differs"));
}

TEST_CASE("an open address never loses its key", "[reload]") {
    scratch_directory keys;
    auto key = keys.write("key", "secret");
    reload_rig rig(fmt::format("listen = [\"0.0.0.0:1\"]\n[access]\nallow_remote = true\n"
                               "api_key_file = \"{}\"\n",
                               key));
    CHECK_THAT(rig.reload("listen = [\"127.0.0.1:1\"]\n"),
               Contains("was not reloaded") && Contains("0.0.0.0:1") && Contains("next start"));
    CHECK(rig.ask("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 401);
}

TEST_CASE("other credentials are put to use with their first token", "[reload]") {
    reload_rig rig(good);
    CHECK(rig.ask(chat("a", true)).status == 200);
    auto bearer = [&] {
        auto head = rig.vertex->seen().last_chat_head;
        auto at = head.find("Bearer ");
        return head.substr(at, head.find('\r', at) - at);
    };
    auto before = bearer();
    auto grants = rig.vertex->seen().token_grants;
    auto account = rig.vertex->service_account_file().string();
    auto config = fmt::format("[google]\ncredentials = \"{}\"\n{}", account, good);
    CHECK_THAT(rig.reload(config), Contains("configuration reloaded: google.credentials"));
    CHECK(rig.vertex->seen().token_grants == grants + 1); // before any request asked for it
    CHECK(rig.ask(chat("a", true)).status == 200);
    CHECK(bearer() != before);
    CHECK_THAT(rig.log_text(), Contains("service_account"));
}

TEST_CASE("credentials that come after their setting are found", "[reload]") {
    reload_rig rig(good, reload_rig::files_are::watched);
    CHECK(rig.ask(chat("a", true)).status == 200);
    auto file = rig.files.path("late.json");
    auto config = fmt::format("[google]\ncredentials = \"{}\"\n{}", file, good);
    CHECK_THAT(rig.reload(config), Contains("was not reloaded") && Contains("late.json"));
    std::filesystem::copy_file(rig.vertex->credentials_file(), file);
    CHECK_THAT(rig.next_outcome(), Contains("configuration reloaded: google.credentials"));
    CHECK(rig.ask(chat("a", true)).status == 200);
}

TEST_CASE("without a token there is none to lose", "[reload]") {
    reload_rig rig("[google]\ncredentials = \"/nonexistent/one.json\"\n");
    CHECK(rig.ask(chat("google/gemini-3.5-flash", true)).status != 200);
    CHECK_THAT(rig.reload("[google]\ncredentials = \"/nonexistent/two.json\"\n"),
               Contains("configuration reloaded: google.credentials"));
    auto refused = rig.ask(chat("google/gemini-3.5-flash", true));
    CHECK_THAT(refused.body, Contains("two.json"));
}

TEST_CASE("a token server that fails keeps no change from being made", "[reload]") {
    reload_rig rig(good);
    CHECK(rig.ask(chat("a", true)).status == 200);
    REQUIRE(rig.vertex->add_rule(R"({"path":"/token","fault":"503"})"));
    auto authorities = rig.files.path("ca.pem");
    std::filesystem::copy_file(rig.vertex->ca_file(), authorities);
    CHECK_THAT(rig.reload(fmt::format("[upstream]\nca_file = \"{}\"\n"
                                      "[models]\nb = \"google/gemini-3.5-flash\"\n",
                                      authorities)),
               Contains("configuration reloaded: upstream.ca_file, models"));
    CHECK_THAT(rig.log_text(), Contains("tokens are still fetched in the way from before"));
    CHECK(rig.ask(chat("b", true)).status == 200);
}
