// What differs between two configurations, and what of it has to wait.

#include "core/config/changes.hpp"

#include "core/config/settings.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;

using keys = std::vector<std::string>;

TEST_CASE("changed settings are named, in the order of config.toml", "[config][reload]") {
    config before;
    CHECK(changed_keys(before, before).empty());
    auto after = before;
    after.retry.max = 7;
    after.google.project = "other";
    after.access.allow_origin = {"https://a.example"};
    after.timeouts.head_ms += milliseconds(1);
    after.log.access = false;
    CHECK(changed_keys(before, after) == keys{"google.project", "retry.max", "timeouts.head_ms",
                                              "access.allow_origin", "log.access"});
    CHECK(changed_keys(after, before) == changed_keys(before, after));
}

TEST_CASE("a route that differs in anything is a change", "[config][reload]") {
    config before;
    before.models = {{.name = "a", .model = "google/x"}, {.name = "b", .endpoint = "1"}};
    auto changed = [&](auto change) {
        auto after = before;
        change(after.models);
        return changed_keys(before, after) == keys{"models"};
    };
    CHECK(changed([](auto& models) { models.pop_back(); }));
    CHECK(changed([](auto& models) { models[0].name = "c"; }));
    CHECK(changed([](auto& models) { models[0].model = "google/y"; }));
    CHECK(changed([](auto& models) { models[0].fallbacks = {"eu"}; }));
    CHECK(changed([](auto& models) { models[1].host = "psc.internal"; }));
    CHECK(changed([](auto& models) { models[1].passthrough = true; }));
    CHECK(changed([](auto& models) { std::swap(models[0], models[1]); }));
    CHECK_FALSE(changed([](auto&) {}));
}

TEST_CASE("addresses, workers and the signature file wait for the next start", "[config][reload]") {
    config now;
    now.listen = {"127.0.0.1:1"};
    now.workers = 2;
    auto next = now;
    next.listen = {"unix:/run/relay.sock"};
    next.listen_mode = "0660";
    next.admin.listen = "127.0.0.1:2";
    next.workers = 3;
    next.signatures.file = "/var/lib/relay/signatures";
    next.retry.max = 1;
    CHECK(keep_fixed(now, next) ==
          keys{"listen", "listen_mode", "workers", "admin.listen", "signatures.file"});
    CHECK(changed_keys(now, next) == keys{"retry.max"});
    CHECK(keep_fixed(now, next).empty());
}

TEST_CASE("every setting is compared", "[config][reload]") {
    for (auto const& row : settings()) {
        config before;
        config after;
        std::visit(
            [&](auto member) {
                auto& value = member(after);
                using type = std::remove_cvref_t<decltype(value)>;
                if constexpr (std::is_same_v<type, bool>) {
                    value = !value;
                } else if constexpr (std::is_same_v<type, std::string>) {
                    value += "x";
                } else if constexpr (std::is_same_v<type, std::vector<std::string>>) {
                    value.emplace_back("x");
                } else {
                    value = type{12345};
                }
            },
            row.member);
        CHECK(changed_keys(before, after) == keys{std::string(row.key)});
    }
}
