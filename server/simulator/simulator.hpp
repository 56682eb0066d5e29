#pragma once
// The offline Vertex AI: chat completions on `openapi` and endpoint ids, Google's token endpoint
// and a metadata server, with faults on request. It shares no code with the relay's own I/O, so
// that it can check it.

#include "simulator/counters.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

struct options {
    std::uint16_t port = 0;          ///< TLS; 0 takes a free one
    std::uint16_t metadata_port = 0; ///< plain HTTP; 0 takes a free one
    std::filesystem::path dir;       ///< made 0700 if absent; empty: a fresh one under the temp dir
    std::string project = "sim-project";
    std::filesystem::path script;                  ///< fault script, optional
    std::filesystem::path replay;                  ///< captures to give again, optional
    std::chrono::seconds token_lifetime{3599};     ///< `expires_in` of issued tokens
    std::string static_token;                      ///< a bearer that is always good; empty: none
    bool quiet = false;                            ///< `run` prints no line
    event_listener on_event;                       ///< told what is counted; empty: nobody
};

/// A running simulator on loopback and on a thread of its own.
class instance {
public:
    /// Binds, writes the files and starts the thread; the error is one sentence.
    static std::expected<std::unique_ptr<instance>, std::string> start(options settings);
    /// Stops, joins and removes the files (and the directory, if `start` made it).
    ~instance();
    instance(instance const&) = delete;
    instance& operator=(instance const&) = delete;

    std::uint16_t port() const;
    std::uint16_t metadata_port() const;
    std::filesystem::path ca_file() const;              ///< PEM, to be trusted
    std::filesystem::path credentials_file() const;     ///< authorized_user
    std::filesystem::path service_account_file() const; ///< service_account
    /// One of `federated_files`: `impersonated.json`, `wif-aws.json` …
    std::filesystem::path file(std::string_view name) const;

    // All below may be called from any thread.
    snapshot seen() const;
    /// Adds one line of the fault script; the error says what is wrong with it.
    std::expected<void, std::string> add_rule(std::string_view line);
    /// Moves the clock by which tokens expire.
    void advance_clock(std::chrono::seconds by);
    /// Makes every token issued so far invalid.
    void revoke_tokens();

private:
    class impl;
    explicit instance(std::unique_ptr<impl> owned);
    std::unique_ptr<impl> impl_;
};

/// The `simulate` subcommand: prints one line with ports and files on stdout, runs until SIGTERM or
/// SIGINT and removes its files. Returns the exit code.
int run(options const& settings);

/// What `simulate --list-faults` prints: one line a fault.
std::string list_faults();

} // namespace vertex_relay::simulator
