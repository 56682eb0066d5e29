#pragma once
// Sends one call of core::google to a token or metadata server and reads the whole answer.

#include "core/google/token_call.hpp"
#include "io/connector.hpp"

namespace vertex_relay::io {

/// Any status is an answer, redirects too: they are not followed. A fresh connection, closed
/// afterwards. Waits at most `call.timeout`, `call.connect_timeout` of it to connect, and no longer
/// than the sleeper's own deadline, which is as before when this ends. The head may have 16 KiB,
/// the body `token_answer_bytes_max`; every copy of the request and the raw answer is wiped.
/// `call` must live until the end.
task<core::google::call_outcome> run_token_call(fiber& sleeper, connector& connects,
                                                core::google::token_call const& call);

} // namespace vertex_relay::io
