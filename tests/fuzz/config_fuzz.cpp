// Any text is a configuration or a list of errors that each say where and why. A configuration that
// was taken, written out and read again is the same.

#include "core/config/check_config.hpp"
#include "core/config/load.hpp"
#include "core/config/plain_value.hpp"
#include "core/vertex/catalogue.hpp"
#include "core/vertex/route_table.hpp"
#include "fuzz/fuzz.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

bool same_route(core::model_route const& a, core::model_route const& b) {
    return a.name == b.name && a.model == b.model && a.endpoint == b.endpoint &&
           a.project == b.project && a.location == b.location && a.api_version == b.api_version &&
           a.host == b.host && a.tls_name == b.tls_name && a.send_model == b.send_model &&
           a.fallbacks == b.fallbacks && a.passthrough == b.passthrough;
}

void check_same(core::config const& a, core::config const& b) {
    for (auto const& row : core::settings()) {
        require(core::to_toml(row, a) == core::to_toml(row, b), row.key);
    }
    require(a.models.size() == b.models.size(), "the number of models");
    for (std::size_t i = 0; i < a.models.size(); ++i) {
        require(same_route(a.models[i], b.models[i]), "a model");
    }
}

void check_errors(std::vector<core::config_error> const& errors) {
    require(!errors.empty(), "refused without an error");
    for (auto const& error : errors) {
        require(!error.where.empty() && !error.message.empty(), "an error without place or words");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto text = text_of(bytes, size);
    core::catalogue::parse(text);
    auto loaded = core::load({.files = {{"fuzz", text}}});
    if (!loaded) {
        check_errors(loaded.error());
        return 0;
    }
    auto written = core::check_config(*loaded);
    auto again = core::load({.files = {{"again", written}}});
    require(again.has_value(), "what check-config writes is refused");
    check_same(loaded->config, again->config);
    core::route_table(loaded->config, {"project", "global", ""}, {}).resolve("x");
    return 0;
}
