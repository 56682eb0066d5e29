#pragma once
// The effective configuration: every key with its built-in default. Member path = key path, so
// `config.google.project` is `google.project` in TOML, `--google-project` as a flag and
// `VERTEX_RELAY_GOOGLE_PROJECT` as a variable. Read once, immutable afterwards.

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace vertex_relay::core {

using milliseconds = std::chrono::milliseconds;

/// One entry of `[models]`: what the tool asks for, and what answers.
struct model_route {
    std::string name;     ///< alias or pattern with `*`
    std::string model;    ///< `publisher/model`; empty when `endpoint` is set
    std::string endpoint; ///< numeric or `mg-endpoint-…` id of a self-deployed endpoint
    std::string project;  ///< empty: `google.project`
    std::string location; ///< empty: `google.location`
    std::string api_version;
    std::string host;       ///< replaces the host (Private Service Connect); `name` or `name:port`
    std::string tls_name;   ///< the name the certificate must carry, if not `host`
    std::string send_model; ///< value of `model` sent to an own endpoint; empty: left out
    std::vector<std::string> fallbacks;
    bool passthrough = false;
};

struct config {
    /// Addresses in use when `listen` is empty: a default address the host lacks is skipped.
    std::vector<std::string> listen; ///< empty: 127.0.0.1:8642 and [::1]:8642
    std::string listen_mode = "0600";
    std::size_t workers = 1;
    std::string default_model;
    std::string catalogue_file;
    std::string prices_file;
    std::vector<model_route> models;

    struct {
        std::string listen;
    } admin;

    struct {
        std::string project;
        std::string location; ///< empty: discovered, else `global`
        std::string credentials = "adc";
        std::string quota_project;
        std::string impersonate_service_account;
        std::string service_account_mode = "exchange";
        std::string universe_domain;
        bool allow_any_token_host = false;
    } google;

    struct {
        std::string api_version = "v1";
        std::string endpoint; ///< scheme://host:port instead of every Vertex host
        std::string ca_file;
        std::vector<std::string> resolve; ///< HOST:PORT=ADDR:PORT
        milliseconds connect_timeout_ms{10'000};
        milliseconds first_byte_timeout_ms{600'000};
        milliseconds idle_timeout_ms{300'000};
        milliseconds pool_idle_ms{60'000};
        std::size_t pool_max_idle = 1024;
        bool retry_stale = true;
    } upstream;

    struct {
        std::size_t max = 2;
        milliseconds min_delay_ms{1'000};
        milliseconds budget_ms{10'000};
    } retry;

    struct {
        std::size_t head_bytes = 32 * 1024;
        std::size_t headers = 100;
        std::size_t target_bytes = 8 * 1024;
        std::size_t body_bytes = 32 * 1024 * 1024;
        std::size_t event_bytes = 16 * 1024 * 1024;
        std::size_t buffered_bytes = 512 * 1024 * 1024;
        std::size_t connections = 8192;
        std::size_t streams = 8192;
    } limits;

    struct {
        milliseconds head_ms{10'000};
        milliseconds body_ms{60'000};
        milliseconds keep_alive_ms{75'000};
        milliseconds write_ms{60'000};
        milliseconds drain_ms{60'000};
        milliseconds comment_ms{15'000};
    } timeouts;

    struct {
        std::vector<std::string> allow_host;
        std::vector<std::string> allow_origin;
        std::vector<std::string> allow_uid;
        std::vector<std::string> allow_group;
        std::string peer_check = "auto";
        std::string api_key_file;
        bool allow_remote = false;
        bool lenient_content_type = false;
        bool only_listed_models = false;
    } access;

    struct {
        std::vector<std::string> disable; ///< names of `repair`s
    } repairs;

    struct {
        std::string file;
    } signatures;

    struct {
        std::string level = "info";
        std::string format = "auto"; ///< auto, text, json
        bool access = true;
    } log;
};

} // namespace vertex_relay::core
