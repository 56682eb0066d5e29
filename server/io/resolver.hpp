#pragma once
// Names to addresses for one loop: `upstream.resolve` in front (curl's --resolve), then what is
// known, then the name service; one question at a time for each name.

#include "core/egress/name_cache.hpp"
#include "io/broadcast.hpp"
#include "io/name_service.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace vertex_relay::io {

struct name_source {
    name_service ask = ask_system;
    core::name_cache_times times = {};
    /// How long a question may take before a last good answer is used instead.
    clock::duration patience = std::chrono::seconds(1);
    /// After this long without an answer the next asker asks once more: name servers change.
    clock::duration ask_again = std::chrono::seconds(3);
};

class resolver {
public:
    /// `overrides` are `HOST:PORT=ADDR:PORT` entries, already checked by the configuration.
    resolver(event_loop& loop, std::vector<std::string> const& overrides, name_source source = {});
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    /// At once if it can be, else waits for the name service, no longer than the sleeper may; its
    /// deadline is as before when this ends. The answer goes on to be looked for when the sleeper
    /// gives up. `host` is a name or a literal.
    task<name_answer> resolve(fiber& sleeper, std::string host, std::uint16_t port);

    /// Whether `upstream.resolve` names an address for it.
    bool is_pinned(std::string const& host, std::uint16_t port) const;

private:
    struct question;
    using question_pointer = std::shared_ptr<question>;
    struct home;

    question_pointer ask(std::string const& key, std::string const& host, std::uint16_t port);
    void send(question_pointer const& asked, std::string const& host, std::uint16_t port);
    void land(question& asked, name_answer answer);

    event_loop& loop_;
    name_source source_;
    std::unordered_map<std::string, socket_address> overrides_; ///< by `host:port`
    core::name_cache<socket_address> known_;
    std::unordered_map<std::string, question_pointer> questions_; ///< without an answer so far
    std::shared_ptr<home> home_; ///< outlives this for answers that come late
};

} // namespace vertex_relay::io
