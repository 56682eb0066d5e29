#include "simulator/counters.hpp"

namespace vertex_relay::simulator {

snapshot counters::read() const {
    std::lock_guard hold(mutex_);
    return {.connections = connections,
            .chats_begun = chats_begun,
            .chats_finished = chats_finished,
            .chats_cancelled = chats_cancelled,
            .streams_open = streams_open,
            .token_grants = token_grants,
            .token_requests = token_requests,
            .metadata_tokens = metadata_tokens,
            .dedicated_lookups = dedicated_lookups,
            .unauthenticated = unauthenticated,
            .malformed = malformed,
            .last_chat_head = last_head_,
            .last_chat_body = last_body_};
}

} // namespace vertex_relay::simulator
