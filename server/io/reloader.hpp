#pragma once
// Keeps the configuration in step with its files, without a restart: on SIGHUP, and when a file was
// changed and has been left alone since.
//
//     control loop                            thread beside it
//     fiber ── every 2 s: changed? settled?
//       │  ◄── ask() (SIGHUP)
//       ├────────── read_next ──────────────► files, authorities, project
//       │  ◄─────────────────────────────────  a service, or what is wrong
//       ├── other credentials? a first token, else all stays
//       └── publish ─► workers: from their next exchange on

#include "io/next_service.hpp"
#include "io/token_office.hpp"

#include <thread>

namespace vertex_relay::io {

class reloader {
public:
    struct parts {
        event_loop& control;
        wire_buffers& buffers; ///< of the control loop
        log& logs;
        gauges& load;
        signature_store& signatures;
        config_reader read; ///< null: nothing to read again
        core::google::environment variables;
        clock::duration look_every = std::chrono::seconds(2);
    };
    /// What was found at the start, outside the configuration.
    struct surroundings {
        core::deployment where;
        core::proxy_rules proxies = {};
        watched_files files = {}; ///< where the settings came from, noted before they were read
    };
    using publisher = std::function<void(std::shared_ptr<service const> const&)>;
    /// What came of everything asked for so far: empty, or why all stays as it was.
    using answer = std::function<void(std::string const& fault)>;

    /// Makes the first service and its tokens. Throws std::runtime_error as `make_service` does.
    reloader(parts with, core::config const& settings, surroundings around);
    /// When the control loop no longer runs, and nothing that was published is in use.
    ~reloader();
    reloader(reloader const&) = delete;
    reloader& operator=(reloader const&) = delete;

    /// On the control loop's thread, like all below: begins to fetch tokens and to look at files.
    /// `publish` gets each new service, `answered` follows what was asked for.
    void start(publisher publish, answer answered = [](std::string const&) {});
    /// Reads everything again now.
    void ask();
    /// Ends all work in later turns of the loop; `on_end` is called whenever a part has ended.
    void stop(std::function<void()> const& on_end);
    bool ended() const;

    /// What is in use.
    std::shared_ptr<service const> const& current() const { return current_; }

private:
    task<> watch();
    bool files_settled();
    task<> reload(bool asked);
    task<std::expected<next_service, std::string>> find_next();
    task<reading> read_beside();
    task<std::expected<void, std::string>> settle_tokens(next_service& next);
    std::shared_ptr<token_office> open_office(core::config const& settings,
                                              std::shared_ptr<egress_settings> egress);
    void put_to_use(next_service next);
    void close_unused_offices();

    parts with_;
    publisher publish_;
    answer answered_;
    std::shared_ptr<service const> current_;
    std::vector<std::shared_ptr<token_office>> offices_; ///< the last one is in use
    watched_files files_;
    bool unsettled_ = false; ///< a file was changed at the last look
    bool asked_ = false;
    bool stopping_ = false;
    std::jthread helper_;
    fiber fiber_;
};

} // namespace vertex_relay::io
