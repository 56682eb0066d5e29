#pragma once
// Chat completions on `openapi` and on endpoint ids: checks first, then the answer.

#include "simulator/answer.hpp"
#include "simulator/chat_request.hpp"
#include "simulator/fault_catalogue.hpp"
#include "simulator/request.hpp"
#include "simulator/resource_path.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

/// Where and how a chat request arrived.
struct chat_scene {
    resource_path resource;
    std::string_view endpoint; ///< `openapi` or an endpoint's id
    std::string_view host;     ///< without port
    request const& received;
    fault wanted = {};        ///< shapes of the answer are applied here, the rest by the caller
    bool known_model = false; ///< the model names a fault, so the catalogue is not asked
    std::int64_t now = 0;     ///< Unix seconds
};

answer answer_chat(chat_request const& chat, chat_scene const& scene);

/// `GET …/endpoints/{id}`: the resource, with its dedicated DNS name if its id begins with 9. Ids
/// that begin with 90 are still being provisioned, with 99 name a URL instead of a host; ids that
/// begin with 0 do not exist.
answer endpoint_resource(resource_path const& resource, std::string_view id);

} // namespace vertex_relay::simulator
