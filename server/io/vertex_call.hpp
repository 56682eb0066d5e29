#pragma once
// One request to Vertex AI until its answer begins: token, host, connection, send, and the two
// replays that are safe. A pooled connection that was closed under us is tried once on a fresh
// one; a 401 is tried once with a fresh token.

#include "core/exchange_record.hpp"
#include "core/google/token_policy.hpp"
#include "core/vertex/target.hpp"
#include "io/answer_body.hpp"
#include "io/worker.hpp"

namespace vertex_relay::io {

struct vertex_answer {
    std::unique_ptr<connection> line;
    answer_start start;
};

class vertex_call {
public:
    /// `body` are the spans to send; they stay the caller's and must outlive the call.
    vertex_call(worker& at, fiber& sleeper, core::target const& where,
                std::vector<std::string_view> const& body, core::exchange_record& record)
        : worker_(at), fiber_(sleeper), where_(where), body_(body), record_(record) {}

    /// The answer, whatever its status but 401. Failures: those of the token source, the connector
    /// and `read_answer_start`; 400 google_credentials_rejected for a second 401.
    task<core::result<vertex_answer>> run();

private:
    task<core::result<vertex_answer>> attempt(core::google::issued_token const& token, bool fresh);
    task<core::result<vertex_answer>> send(core::google::issued_token const& token, bool fresh);
    task<core::result<core::upstream_host>> find_host(core::google::issued_token const& token);
    std::string quota_project() const;
    std::optional<core::failure> universe_mismatch() const;

    worker& worker_;
    fiber& fiber_;
    core::target const& where_;
    std::vector<std::string_view> const& body_;
    core::exchange_record& record_;
    bool reused_ = false;      ///< the last attempt went out on a pooled connection
    bool unanswered_ = false;  ///< … and ended before one byte of an answer
    time_point sent_at_{};
};

} // namespace vertex_relay::io
