#pragma once
// One request with its answer, phase by phase. Read `run` aloud: it is the way of a request.

#include "core/exchange_record.hpp"
#include "core/http/edge.hpp"
#include "core/http/trace_context.hpp"
#include "core/openai/chat_request.hpp"
#include "core/read_buffer.hpp"
#include "io/answer_relay.hpp"
#include "io/memory_share.hpp"
#include "io/worker.hpp"

namespace vertex_relay::io {

/// What an exchange uses of the connection it is on; all of it is the session's.
struct client_line {
    fiber& sleeper;
    downstream& client;
    core::read_buffer& input;
    std::optional<core::peer> const& peer; ///< the user at its other end
    door came_by;
};

class exchange {
public:
    exchange(worker& at, client_line line);

    /// Serves the request whose head is the first `head_bytes` of the input; consumes it, body
    /// included. True: the connection may carry another request.
    task<bool> run(std::size_t head_bytes);

    /// Answers what never became a request (policy rows 1 to 4) and accounts for it.
    task<void> refuse_head(core::failure why);

private:
    task<bool> serve(core::admission const& admitted, core::request_head const& head);
    task<bool> chat(core::body_framing framing, std::size_t length, bool expects_continue);
    task<core::result<std::size_t>> read_body(core::body_framing framing, std::size_t length,
                                              bool expects_continue);
    task<core::result<std::size_t>> read_payload(core::body_decoder& decoder, std::size_t length);
    task<bool> forward(core::target const& first, core::chat_request const& request,
                       std::size_t body_bytes);
    core::result<core::chat_request> read_chat(std::string_view body);
    void warn_if_retired(core::target const& where);

    void drop_body(std::size_t bytes);

    task<bool> reply(std::string_view body, std::string_view type = "application/json");
    task<bool> reply_local(core::admission const& admitted);
    task<bool> feed();
    task<bool> refuse(core::failure why);
    task<bool> write(std::string_view head, std::string_view body);
    bool may_go_on(bool delivered);
    void note_break(core::failure const& problem);
    std::string failure_head(core::failure const& why);
    std::chrono::microseconds since_head() const;
    std::optional<double> cost() const;
    void account();

    worker& worker_;
    std::shared_ptr<snapshot> now_; ///< from the beginning of the exchange
    core::edge_rules const& rules_;
    fiber& fiber_;
    downstream& client_;
    core::read_buffer& input_;
    std::optional<core::peer> const& peer_;
    core::response_plan plan_;
    core::exchange_record record_;
    core::trace_context trace_;
    std::shared_ptr<core::target const> target_; ///< the first one, once it is found
    std::string cors_origin_;
    std::optional<memory_share> body_memory_; ///< while the body is in the input
    bool head_only_ = false;
    bool probe_ = false;
};

} // namespace vertex_relay::io
