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

core::failure lookup_failed(core::target const& where, std::string const& reason) {
    return {.status = 503,
            .type = "upstream_error",
            .code = "endpoint_lookup_failed",
            .message = "Vertex AI did not say which host serves endpoint " + where.endpoint + " (" +
                       reason + "). Try again.",
            .retry = core::retry_advice::later,
            .retry_after = std::chrono::seconds(1)};
}

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

/// Asked by one fiber, whose answer others wait for.
struct endpoint_directory::question {
    bool over = false;
    std::optional<host_result> answer; ///< none when over: whoever asked has left
};

/// Keeps a question on the list while it is asked.
class endpoint_directory::asking {
public:
    asking(endpoint_directory& at, std::string path)
        : at_(at), path_(std::move(path)), mine_(std::make_shared<question>()) {
        at_.asked_.emplace(path_, mine_);
    }
    ~asking() {
        mine_->over = true;
        at_.asked_.erase(path_);
        at_.answered_.notify();
    }
    asking(asking const&) = delete;
    asking& operator=(asking const&) = delete;

    void answer(host_result said) { mine_->answer = std::move(said); }

private:
    endpoint_directory& at_;
    std::string path_;
    std::shared_ptr<question> mine_;
};

task<endpoint_directory::host_result>
endpoint_directory::locate(fiber& sleeper, core::target const& where, core::secret const& token) {
    while (true) {
        auto found = known_.find(where.lookup_path);
        if (found != known_.end() && loop_.now() < found->second.until) {
            co_return found->second.host;
        }
        auto running = asked_.find(where.lookup_path);
        if (running == asked_.end()) {
            break;
        }
        auto other = running->second;
        auto seat = answered_.join(sleeper);
        sleeper.expires_after(answer_within);
        while (!other->over && sleeper.stopped() == cause::none) {
            co_await sleeper.sleep();
        }
        if (other->answer) {
            co_return *other->answer;
        }
        if (!other->over) {
            co_return host_result(std::unexpect, lookup_failed(where, "no answer in time"));
        }
    }
    asking mine(*this, where.lookup_path);
    auto answer = co_await ask(sleeper, where, token);
    bool left = sleeper.stopped() == cause::client_gone;
    if (!left) {
        mine.answer(answer);
    }
    co_return answer;
}

task<endpoint_directory::host_result>
endpoint_directory::ask(fiber& sleeper, core::target const& where, core::secret const& token) {
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
        co_return std::unexpected(lookup_failed(where, "the connection broke"));
    }
    auto start = co_await read_answer_start(sleeper, **line);
    if (!start) {
        co_return std::unexpected(std::move(start.error()));
    }
    auto status = start->head.status;
    bool persists = start->head.keep_alive;
    auto body = co_await read_answer_body(sleeper, **line, *start, {resource_bytes_max});
    if (body.decoder.ends_exactly() && persists) {
        pool_.release(std::move(*line));
    }
    if (!body.complete) {
        co_return std::unexpected(lookup_failed(where, "half an answer"));
    }
    co_return conclude(where, status, body.text);
}

endpoint_directory::host_result endpoint_directory::conclude(core::target const& where,
                                                             unsigned status,
                                                             std::string const& resource) {
    if (status == 429 || status >= 500) {
        return std::unexpected(lookup_failed(where, "status " + std::to_string(status)));
    }
    if (status == 401) {
        return where
            .host; // says nothing of the host; the call will replace the token and ask again
    }
    auto host = where.host;
    auto until = loop_.now() + remember_shared_for;
    auto dns = status == 200 ? dedicated_dns(resource) : std::string();
    if (auto name = core::trusted_dedicated_host(dns, where.endpoint, where.location)) {
        host = {true, *name, 443, *name};
        until = loop_.now() + remember_for;
    }
    known_[where.lookup_path] = {host, until};
    return host;
}

} // namespace vertex_relay::io
