#include "core/config/consistency.hpp"

#include "core/config/grammar.hpp"
#include "core/config/listen_address.hpp"
#include "core/vertex/model_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace vertex_relay::core {

namespace {

class consistency {
public:
    explicit consistency(loaded_config const& loaded) : loaded_(loaded) {}

    std::vector<config_error> check() {
        check_remote();
        check_any_origin();
        check_default_model();
        check_duplicates();
        return std::move(errors_);
    }

private:
    void fail(std::string key, std::string message) {
        std::string where(loaded_.origin(key));
        errors_.push_back({std::move(where), std::move(key), std::move(message)});
    }

    /// Whoever reaches the relay spends the project's money, so other machines need a key, and
    /// opening the door takes two deliberate steps.
    void check_remote() {
        auto const& access = loaded_.config.access;
        if (access.allow_remote && !access.api_key_file.empty()) {
            return;
        }
        for (auto const& entry : loaded_.config.listen) {
            auto address = parse_listen_address(entry);
            if (address && !address->is_loopback()) {
                fail("listen",
                     fmt::format("{} can be reached from other machines, which needs both "
                                 "--access-allow-remote and --access-api-key-file FILE",
                                 entry));
            }
        }
    }

    void check_any_origin() {
        auto const& access = loaded_.config.access;
        if (std::ranges::count(access.allow_origin, "*") > 0 && access.api_key_file.empty()) {
            fail("access.allow_origin",
                 "\"*\" lets every web page in, which needs --access-api-key-file FILE");
        }
    }

    void check_default_model() {
        auto const& config = loaded_.config;
        auto const& name = config.default_model;
        bool alias = std::ranges::any_of(config.models, [&](model_route const& route) {
            return matches_pattern(route.name, name);
        });
        bool published = !config.access.only_listed_models &&
                         (grammar::is_publisher_model(name) || name.starts_with("gemini-") ||
                          name.starts_with("publishers/"));
        if (!name.empty() && !alias && !published) {
            fail("default_model", fmt::format("'{}' is neither an alias under [models] nor a model "
                                              "such as google/gemini-3.5-flash",
                                              name));
        }
    }

    void check_duplicates() {
        auto const& config = loaded_.config;
        std::set<std::string> seen;
        auto check = [&](std::string const& key, std::string const& entry) {
            auto address = parse_listen_address(entry);
            bool any_free_port = address && !address->is_unix() && address->port == 0;
            if (!entry.empty() && !any_free_port && !seen.insert(entry).second) {
                fail(key, fmt::format("{} is listed twice", entry));
            }
        };
        for (auto const& entry : config.listen) {
            check("listen", entry);
        }
        check("admin.listen", config.admin.listen);
    }

    loaded_config const& loaded_;
    std::vector<config_error> errors_;
};

} // namespace

std::vector<config_error> check_consistency(loaded_config const& loaded) {
    return consistency(loaded).check();
}

} // namespace vertex_relay::core
