// A configuration that is read again: what changes at once, what stays, and what goes on.

#include "net/gate.hpp"
#include "net/other_user.hpp"
#include "net/relay_shape.hpp"
#include "net/reload_rig.hpp"
#include "net/scripted_origin.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using Catch::Contains;

constexpr auto asked = reload_rig::files_are::read_when_asked;
constexpr auto watched = reload_rig::files_are::watched;

std::string alias(std::string_view name, std::string_view model = "google/gemini-3.5-flash") {
    return fmt::format("[models]\n\"{}\" = \"{}\"\n", name, model);
}

int status_of(reload_rig& rig, std::string_view model, std::size_t worker = 0) {
    return rig.ask(chat(model, false), worker).status;
}

/// The target that answered.
std::string place_of(http_answer const& answer) {
    auto value = answer.field("x-vertex-relay-attempts");
    return value.substr(std::min(value.find(' ') + 1, value.size()));
}

std::string chunk(std::string_view text) {
    return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

} // namespace

TEST_CASE("a reload changes what every worker does next", "[reload]") {
    reload_rig rig(alias("before"));
    auto kept = rig.connect(1); // older than what it will be served by
    CHECK(kept.ask(chat("before", false)).status == 200);
    CHECK_THAT(rig.reload("[limits]\nbody_bytes = 200\n" + alias("after")),
               Contains("configuration reloaded: limits.body_bytes, models"));
    for (std::size_t worker : {0U, 1U}) {
        CHECK(status_of(rig, "before", worker) == 404);
        CHECK(status_of(rig, "after", worker) == 200);
    }
    CHECK(kept.ask(chat("after", false)).status == 200);
    CHECK(kept.ask(post_chat(std::string(201, ' '))).status == 413);
    CHECK_THAT(rig.reload(), Contains("no setting differs"));
}

TEST_CASE("what is under way keeps what it began with", "[reload]") {
    gate go_on;
    scripted_origin origin([&](origin_line& line) {
        while (line.read()) {
            line.send(stream_head() + chunk(text_event("one ")));
            go_on.wait();
            line.send(chunk(text_event("two")) + chunk(final_events()));
            line.send(last_chunk);
        }
    });
    reload_rig rig(alias("a"), asked, [&](core::config& settings) { origin.stand_in(settings); });
    auto client = rig.connect();
    REQUIRE(client.send(chat("a", true)));
    REQUIRE(client.wait_for("one "));
    CHECK_THAT(rig.reload("[upstream]\nidle_timeout_ms = 1\npool_max_idle = 0\n" + alias("b")),
               Contains("configuration reloaded"));
    CHECK(rig.load.streams == 1);
    go_on.open();
    auto answer = client.read();
    CHECK(answer.complete);
    CHECK(text_of(stream_of(answer.body)) == "one two");
    CHECK(client.ask(chat("a", true)).status == 404);
    client.close();
    CHECK(rig.settles());
}

TEST_CASE("a request that waits for its retry keeps its fallbacks", "[reload][retry]") {
    constexpr auto patient = R"([retry]
min_delay_ms = 500
max = 1
[models]
a = { model = "google/sim-429", fallbacks = ["google/gemini-3.5-flash"] }
)";
    reload_rig rig(patient);
    auto client = rig.connect();
    REQUIRE(client.send(chat("a", false)));
    REQUIRE(eventually([&] { return rig.vertex->seen().chats_finished == 1; }));
    CHECK_THAT(rig.reload("[retry]\nmax = 0\n" + alias("a", "google/gemini-3.8-flash")),
               Contains("configuration reloaded"));
    CHECK(place_of(client.read()) == "google/gemini-3.5-flash@global");
    CHECK(place_of(client.ask(chat("a", false))) == "google/gemini-3.8-flash@global");
}

TEST_CASE("a file that changes is read without being asked", "[reload]") {
    reload_rig rig(alias("a"), watched);
    CHECK(status_of(rig, "a") == 200);
    auto connections = rig.vertex->seen().connections;
    CHECK_THAT(rig.reload(alias("b")), Contains("configuration reloaded: models"));
    CHECK(status_of(rig, "b") == 200);
    CHECK(rig.vertex->seen().connections == connections); // neither a new one nor a new token
    CHECK_THAT(rig.reload("[models\n"), Contains("was not reloaded") && Contains("config.toml:1"));
    CHECK(status_of(rig, "b") == 200);
    CHECK_THAT(rig.reload(alias("c")), Contains("configuration reloaded: models"));
    CHECK(status_of(rig, "c") == 200);
}

TEST_CASE("files that a setting names are watched like the setting", "[reload]") {
    scratch_directory keys;
    auto key = keys.write("key", "first\n");
    reload_rig rig(fmt::format("[access]\napi_key_file = \"{}\"\n", key), watched);
    auto ask = [&](std::string_view given) {
        return rig.ask(fmt::format("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n"
                                   "Authorization: Bearer {}\r\n\r\n",
                                   given))
            .status;
    };
    CHECK(ask("first") == 200);
    keys.write("key", "second\n");
    CHECK_THAT(rig.next_outcome(), Contains("configuration reloaded"));
    CHECK(ask("first") == 401);
    CHECK(ask("second") == 200);
    keys.write("key", "\n");
    CHECK_THAT(rig.next_outcome(), Contains("was not reloaded") && Contains("holds no key"));
    CHECK(ask("second") == 200);
}

TEST_CASE("SIGHUP fetches a token and keeps connections", "[reload]") {
    reload_rig rig(alias("a"));
    CHECK(status_of(rig, "a") == 200);
    auto before = rig.vertex->seen().token_grants;
    CHECK_THAT(rig.reload(), Contains("no setting differs"));
    CHECK(eventually([&] { return rig.vertex->seen().token_grants == before + 1; }));
    auto connections = rig.vertex->seen().connections;
    CHECK(status_of(rig, "a") == 200);
    CHECK(rig.vertex->seen().connections == connections);
}

TEST_CASE("authorities are read again when their file changes", "[reload]") {
    reload_rig rig;
    auto authorities = rig.files.path("ca.pem");
    std::filesystem::copy_file(rig.vertex->ca_file(), authorities);
    auto config = fmt::format("[upstream]\nca_file = \"{}\"\n", authorities) + alias("a");
    CHECK_THAT(rig.reload(config), Contains("configuration reloaded: upstream.ca_file, models"));
    CHECK(status_of(rig, "a") == 200);
    rig.files.write("ca.pem", "");
    CHECK_THAT(rig.reload(), Contains("was not reloaded") && Contains("ca.pem"));
    CHECK(status_of(rig, "a") == 200);
    auto other = simulator::instance::start({});
    REQUIRE(other);
    std::filesystem::copy_file((*other)->ca_file(), authorities,
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_THAT(rig.reload(), Contains("configuration reloaded"));
    CHECK(status_of(rig, "a") == 502);
}

TEST_CASE("how Google is reached changes with its settings", "[reload]") {
    reload_rig rig(alias("a"), watched);
    CHECK(status_of(rig, "a") == 200);
    auto before = rig.vertex->seen().connections;
    CHECK_THAT(rig.reload("[upstream]\npool_max_idle = 0\n" + alias("a")),
               Contains("upstream.pool_max_idle"));
    CHECK(status_of(rig, "a") == 200);
    CHECK(status_of(rig, "a") == 200);
    CHECK(rig.vertex->seen().connections == before + 2); // none of them kept
}

TEST_CASE("addresses and workers stay, and that is said", "[reload]") {
    reload_rig rig(alias("a"));
    auto const fixed = "listen = [\"127.0.0.1:1\"]\nworkers = 5\n" + alias("b");
    std::string const waiting = "; takes effect at the next start only: listen, workers";
    CHECK_THAT(rig.reload(fixed), Contains("configuration reloaded: models" + waiting));
    CHECK(status_of(rig, "b") == 200);
    auto again = rig.reload();
    CHECK_THAT(again, Contains("nothing to change now" + waiting));
    CHECK_THAT(again, !Contains("no setting differs"));
}

TEST_CASE("log settings are followed", "[reload]") {
    reload_rig rig("[log]\naccess = false\n");
    CHECK(status_of(rig, "google/gemini-3.5-flash") == 200);
    CHECK_THAT(rig.log_text(), !Contains("\"attempts\""));
    CHECK_THAT(rig.reload("[log]\naccess = true\n"), Contains("log.access"));
    CHECK(status_of(rig, "google/gemini-3.5-flash") == 200);
    CHECK(eventually([&] { return rig.log_text().find("\"attempts\":1") != std::string::npos; }));
}

TEST_CASE("a user who was let in is let out", "[reload][peer]") {
    if (!may_change_user()) {
        WARN("not root: nobody else to be");
        return;
    }
    reload_rig rig("[access]\npeer_check = \"off\"\n");
    constexpr auto list_models = "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n";
    std::optional<relay_client> client;
    as_user(1234, [&] { client.emplace(rig.connect()); });
    CHECK(client->ask(list_models).status == 200);
    CHECK_THAT(rig.reload("[access]\npeer_check = \"on\"\n"), Contains("access.peer_check"));
    CHECK(client->ask(list_models).status == 403);
    CHECK_THAT(rig.reload("[access]\npeer_check = \"on\"\nallow_uid = [\"1234\"]\n"),
               Contains("access.allow_uid"));
    CHECK(client->ask(list_models).status == 200);
}

TEST_CASE("the end does not wait for a reload", "[reload]") {
    gate reached;
    scripted_origin silent([&](origin_line& line) {
        line.read();
        reached.open();
        line.wait_for_end();
    }, scripted_origin::wire::plain);
    reload_rig rig(alias("a"));
    auto file = rig.files.write("slow.json", user_file(fmt::format("http://127.0.0.1:{}/token",
                                                                   silent.port())));
    rig.files.write("config.toml", fmt::format("[google]\ncredentials = \"{}\"\n", file));
    rig.on_control([](io::reloader& at) { at.ask(); });
    CHECK(reached.wait());
    CHECK(status_of(rig, "a") == 200); // meanwhile
}

TEST_CASE("reloads under load lose and mix nothing", "[reload]") {
    constexpr int reloads = 40;
    constexpr int clients = 4;
    auto config = [](int i) {
        auto model = i % 2 == 0 ? "google/gemini-3.5-flash" : "google/gemini-3.8-flash";
        return fmt::format("[retry]\nmax = {}\n", i % 3) + alias("a", model);
    };
    reload_rig rig(config(0));
    std::atomic<bool> over = false;
    std::atomic<int> good = 0;
    std::atomic<int> bad = 0;
    std::vector<std::thread> busy;
    for (int i = 0; i < clients; ++i) {
        busy.emplace_back([&, i] {
            auto client = rig.connect(static_cast<std::size_t>(i) % 2);
            while (!over) {
                bool stream = i < 2;
                auto answer = client.ask(chat("a", stream));
                auto place = place_of(answer);
                auto named = R"("model":")" + place.substr(0, place.find('@')) + '"';
                bool whole = answer.complete && answer.body.find(named) != std::string::npos;
                (answer.status == 200 && whole ? good : bad) += 1;
            }
        });
    }
    for (int i = 1; i <= reloads; ++i) {
        CHECK_THAT(i % 4 == 0 ? rig.reload() : rig.reload(config(i)),
                   Contains("configuration reloaded"));
    }
    over = true;
    for (auto& one : busy) {
        one.join();
    }
    CHECK(bad == 0);
    CHECK(good >= clients);
    CHECK(rig.settles());
}
