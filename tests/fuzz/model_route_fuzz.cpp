// Whatever a client calls its model, the token goes to a host of the configuration and to a path
// whose every segment is known; the head sent there has the fields of ours and no other.

#include "core/config/load.hpp"
#include "core/http/resource.hpp"
#include "core/vertex/route_table.hpp"
#include "core/vertex/upstream_request.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_head.hpp"
#include "wire/storm_json.hpp"

#include <algorithm>
#include <array>

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

constexpr std::string_view settings = R"(
[models]
"gpt-4o" = "google/gemini-3.5-flash"
"gpt-*" = "google/gemini-3.8-flash"
"*:8b" = { model = "meta/llama-4", location = "us-east5", project = "other" }
"gemma" = { endpoint = "123", location = "europe-west4", send_model = "g" }
"psc" = { endpoint = "456", host = "10.1.2.3:8443", tls_name = "a.example" }
)";

core::config const& configured() {
    static core::config const config = [] {
        auto loaded = core::load({.files = {{"fuzz", std::string(settings)}}});
        require(loaded.has_value(), "the settings of this target");
        return loaded->config;
    }();
    return config;
}

core::route_table const& routes() {
    static core::route_table const table(configured(), {"project", "global", ""},
                                         core::catalogue::built_in());
    return table;
}

void check_place(core::target const& where) {
    constexpr std::array<std::string_view, 4> hosts{
        "aiplatform.googleapis.com", "us-east5-aiplatform.googleapis.com",
        "europe-west4-aiplatform.googleapis.com", "10.1.2.3"};
    constexpr std::array<std::string_view, 4> paths{
        "/v1/projects/project/locations/global/endpoints/openapi/chat/completions",
        "/v1/projects/other/locations/us-east5/endpoints/openapi/chat/completions",
        "/v1/projects/project/locations/europe-west4/endpoints/123/chat/completions",
        "/v1/projects/project/locations/global/endpoints/456/chat/completions"};
    require(where.host.tls, "a token without TLS");
    require(std::ranges::count(hosts, where.host.name) == 1, "a host that nobody configured");
    require(std::ranges::count(paths, where.path) == 1, "a path that nobody configured");
}

void check_head(core::target const& where) {
    core::secret token("ya29.token");
    auto text = core::build_upstream_head(
        where.host, {.path = where.path, .quota_project = "billed", .content_length = 7}, token);
    auto read = read_storm_head(text);
    require(read.what == storm_head_reading::verdict::whole && read.size == text.size(),
            "a head that is none");
    require(read.head.target == where.path && read.head.length == 7, "its path and length");
    require(read.head.fields.size() == 7, "a field too many");
    require(read.head.all("authorization").at(0) == "Bearer ya29.token", "the token");
}

/// The model Google is asked for stands in the body, as a string of its own.
void check_model(core::target const& where) {
    if (where.model) {
        bool known = *where.model == "g" || where.model->find('/') != std::string::npos;
        require(known && is_storm_value(*where.model), "a model nobody configured");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto name = text_of(bytes, size);
    for (auto const& asked : {name, "google/" + name, "gemini-" + name}) {
        auto where = routes().resolve(asked);
        if (!where) {
            require(where.error().status == 400 || where.error().status == 404, "a client's error");
            continue;
        }
        check_place(*where);
        check_head(*where);
        check_model(*where);
    }
    auto resource = core::find_resource("GET", core::path_of("/v1/models/" + name));
    require(!resource || resource->what == core::resource::model ||
                resource->what == core::resource::models,
            "a path that leads elsewhere");
    return 0;
}
