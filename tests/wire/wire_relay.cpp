#include "wire/wire_relay.hpp"

#include "core/config/load.hpp"

#include <fmt/format.h>

namespace vertex_relay::tests {

namespace {

/// What the rig itself needs; a test's own settings come on top.
constexpr std::string_view rig_settings = "google.credentials = \"{{credentials}}\"\n"
                                          "google.allow_any_token_host = true\n"
                                          "upstream.endpoint = \"http://{{origin}}\"\n"
                                          "retry.max = 0\n"
                                          "log.level = \"off\"\n"
                                          "log.access = false\n";

std::string expanded(std::string_view markup, wire_variables const& variables) {
    auto bytes = expand(markup, variables);
    if (!bytes) {
        throw std::runtime_error(bytes.error());
    }
    return std::move(bytes->text);
}

core::config load_settings(std::string const& own, wire_variables const& variables) {
    core::config_layers layers;
    layers.files.push_back({"rig", expanded(rig_settings, variables)});
    layers.files.push_back({"test", expanded(own, variables)});
    auto loaded = core::load(layers);
    if (!loaded) {
        throw std::runtime_error(describe(loaded.error().front()));
    }
    return std::move(loaded->config);
}

token_server::reply give_token(std::string const&) {
    return {http_ok(token_json("wire-token"))};
}

} // namespace

wire_relay::wire_relay(std::string const& settings, std::uint16_t origin_port)
    : tokens_(give_token) {
    variables_["version"] = RELAY_VERSION;
    variables_["origin"] = fmt::format("127.0.0.1:{}", origin_port);
    variables_["key file"] = files_.write("key", "wire-key\n");
    auto inner = variables_;
    inner["credentials"] = files_.write("user.json", user_file(tokens_.url()));
    auto config = load_settings(settings, inner);
    rig_ = std::make_unique<relay_rig>(
        [&](core::config& used, simulator::instance const&) { used = config; });
    bool ready = eventually([this] {
        return rig_->ask("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200;
    }) && rig_->settles(); // a case may count connections
    if (!ready) {
        throw std::runtime_error("no access token came");
    }
}

/// What is posted runs before events that the loop has not collected yet, but not before them
/// twice.
void wire_relay::look() {
    rig_->on_worker([](io::worker&) {});
    rig_->on_worker([](io::worker&) {});
}

} // namespace vertex_relay::tests
