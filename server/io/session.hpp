#pragma once
// One client connection: exchanges one after the other, until the client or the relay has enough.

#include "io/exchange.hpp"

namespace vertex_relay::io {

class session {
public:
    session(worker& at, door came_by, int client);

    /// Runs until the connection ends. `on_end` may destroy the session.
    void start(std::function<void(std::exception_ptr)> on_end);

    door came_by() const { return came_by_; }
    /// No further request is read; an idle connection ends now. On the worker's thread.
    void drain();
    /// Whatever is under way ends now.
    void abandon() { fiber_.cancel(cause::shutdown); }

private:
    enum class arrival : unsigned char { complete, ended };
    struct head_outcome {
        arrival what;
        std::size_t bytes = 0;                     ///< of the head, when complete
        std::optional<core::failure> refusal = {}; ///< it will never be one: answer this
    };

    task<void> run();
    task<head_outcome> read_head();
    task<void> linger();
    void find_peer();
    client_line line() { return {fiber_, client_, input_, peer_, came_by_}; }

    worker& worker_;
    door came_by_;
    io::socket socket_;
    counted connection_;
    downstream client_;
    core::read_buffer input_;
    std::optional<core::peer> peer_;
    bool peer_known_ = false;
    bool served_ = false; ///< at least one exchange is over
    bool waiting_ = false; ///< between two exchanges, nothing received
    bool over_limit_ = false;
    fiber fiber_; ///< last: its frames refer to everything above
};

} // namespace vertex_relay::io
