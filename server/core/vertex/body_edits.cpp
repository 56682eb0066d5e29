#include "core/vertex/body_edits.hpp"

namespace vertex_relay::core {

std::vector<edit> body_edits(chat_request const& request, std::string_view body,
                             target const& where) {
    std::vector<edit> edits;
    edits.reserve(1);
    if (where.model) {
        edits.push_back(set_model(request, body, *where.model));
    } else if (auto drop = drop_model(request, body)) {
        edits.push_back(std::move(*drop));
    }
    return edits;
}

} // namespace vertex_relay::core
