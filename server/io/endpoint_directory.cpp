#include "io/endpoint_directory.hpp"

#include "core/vertex/location.hpp"
#include "core/vertex/upstream_request.hpp"
#include "io/answer_body.hpp"

#include <openssl/crypto.h>
#include <simdjson.h>

namespace vertex_relay::io {

namespace {

constexpr auto remember_for = std::chrono::hours(1);
constexpr auto remember_shared_for = std::chrono::minutes(5); // it may be provisioning
constexpr auto answer_within = std::chrono::seconds(10);
constexpr std::size_t resource_bytes_max = 1024 * 1024;

using host_result = core::result<core::upstream_host>;

std::string dedicated_dns(std::string const& body) {
    simdjson::dom::parser parser;
    simdjson::dom::element resource;
    std::string_view dns;
    bool enabled = true;
    if (parser.parse(body).get(resource) || resource["dedicatedEndpointDns"].get(dns)) {
        return {};
    }
    if (!resource["dedicatedEndpointEnabled"].get(enabled) && !enabled) {
        return {};
    }
    return std::string(dns);
}

} // namespace

task<host_result> endpoint_directory::locate(fiber& sleeper, core::target const& where,
                                             core::secret const& token) {
    auto found = known_.find(where.lookup_path);
    if (found != known_.end() && loop_.now() < found->second.until) {
        co_return found->second.host;
    }
    co_return co_await ask(sleeper, where, token);
}

task<host_result> endpoint_directory::ask(fiber& sleeper, core::target const& where,
                                          core::secret const& token) {
    auto line = co_await pool_.acquire(sleeper, where.host, true);
    if (!line) {
        co_return std::unexpected(std::move(line.error()));
    }
    sleeper.expires_after(answer_within);
    core::upstream_call call{.method = "GET", .path = where.lookup_path};
    call.has_body = false;
    auto head = core::build_upstream_head(where.host, call, token);
    std::string_view part = head;
    auto sent = co_await (*line)->write(sleeper, {&part, 1});
    OPENSSL_cleanse(head.data(), head.size());
    if (sent == connection::sent::failed || sent == connection::sent::stopped) {
        co_return std::unexpected(core::failure{
            .status = 502,
            .type = "upstream_error",
            .code = "upstream_reset",
            .message = "The connection broke while the endpoint was looked up. Try again."});
    }
    auto start = co_await read_answer_start(sleeper, **line);
    if (!start) {
        co_return std::unexpected(std::move(start.error()));
    }
    auto status = start->head.status;
    bool persists = start->head.keep_alive;
    auto body = co_await read_answer_body(sleeper, **line, *start, resource_bytes_max);
    if (body.decoder.ends_exactly() && persists) {
        pool_.release(std::move(*line));
    }
    if (status == 429 || status >= 500 || !body.complete) {
        co_return std::unexpected(core::failure{
            .status = 503,
            .type = "upstream_error",
            .code = "endpoint_lookup_failed",
            .message = "Vertex AI did not say which host serves endpoint " + where.endpoint +
                       " (status " + std::to_string(status) + "). Try again.",
            .retry = core::retry_advice::later,
            .retry_after = std::chrono::seconds(1)});
    }
    auto host = where.host;
    auto until = loop_.now() + remember_shared_for;
    auto dns = status == 200 ? dedicated_dns(body.text) : std::string();
    if (auto name = core::trusted_dedicated_host(dns, where.endpoint, where.location)) {
        host = {true, *name, 443, *name};
        until = loop_.now() + remember_for;
    }
    known_[where.lookup_path] = {host, until};
    co_return host;
}

} // namespace vertex_relay::io
