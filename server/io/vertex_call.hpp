#pragma once
// One try of a request at one target until its answer begins: token, host, connection, send, and
// the two replays that are safe. A pooled connection that was closed under us is tried once on a
// fresh one; a 401 is tried once with a fresh token.

#include "core/exchange_record.hpp"
#include "core/google/token_policy.hpp"
#include "core/http/trace_context.hpp"
#include "core/vertex/body_edits.hpp"
#include "io/answer_body.hpp"
#include "io/worker.hpp"

namespace vertex_relay::io {

struct vertex_answer {
    std::unique_ptr<connection> line;
    answer_start start;
};

/// A body as the client sent it; the bytes stay where they are while it is sent.
struct chat_body {
    core::chat_request const& request;
    std::string_view bytes;
    core::trace_context const& trace; ///< that the request belongs to
};

class vertex_call {
public:
    /// `where`, `changes` and what `body` refers to must outlive the call, which says in `changes`
    /// what it has made of the body.
    vertex_call(snapshot& now, fiber& sleeper, core::target const& where, chat_body body,
                core::body_changes& changes, core::exchange_record& record)
        : now_(now), fiber_(sleeper), where_(where), asked_(body), changes_(changes),
          record_(record) {}
    vertex_call(vertex_call const&) = delete;
    vertex_call& operator=(vertex_call const&) = delete;

    /// The answer, whatever its status; a 401 is one to a fresh token. Failures: those of the token
    /// source, the connector and `read_answer_start`; those of `body_edits`, before anything is
    /// sent.
    task<core::result<vertex_answer>> run();

private:
    task<core::result<vertex_answer>> attempt(core::google::issued_token const& token, bool fresh);
    task<core::result<vertex_answer>> send(core::google::issued_token const& token, bool fresh);
    task<core::result<std::unique_ptr<connection>>> open(core::google::issued_token const& token,
                                                         bool fresh);
    task<core::result<core::upstream_host>> find_host(core::google::issued_token const& token);
    std::string build_head(core::upstream_host const& host,
                           core::google::issued_token const& token) const;
    task<core::result<core::google::token_pointer>>
    replace_token(core::google::issued_token const& rejected);
    std::optional<core::failure> edit_body();
    std::string quota_project() const;
    std::optional<core::failure> universe_mismatch() const;

    snapshot& now_;
    fiber& fiber_;
    core::target const& where_;
    chat_body asked_;
    core::body_changes& changes_;
    std::vector<std::string_view> body_; ///< what is sent, in order
    core::exchange_record& record_;
    bool reused_ = false;      ///< the last attempt went out on a pooled connection
    bool unanswered_ = false;  ///< … and ended before one byte of an answer
    time_point sent_at_{};
};

} // namespace vertex_relay::io
