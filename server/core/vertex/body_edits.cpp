#include "core/vertex/body_edits.hpp"

#include "core/gemini/edited_text.hpp"

namespace vertex_relay::core {

namespace {

void name_model(chat_request const& request, std::string_view body, target const& where,
                std::vector<edit>& edits) {
    if (where.model) {
        edits.push_back(set_model(request, body, *where.model));
    } else if (auto drop = drop_model(request, body)) {
        edits.push_back(std::move(*drop));
    }
}

result<body_changes> repair_body(std::string_view body, target const& where,
                                 repair_means const& means) {
    auto root = means.tree.read(body);
    if (!root) { // better as it is than not at all
        return body_changes{.note = "not repaired: " + root.error().message};
    }
    auto repaired = repair_request(*root, {.model = traits_of(where.label),
                                           .enabled = means.enabled,
                                           .signatures = means.signatures});
    if (!repaired) {
        return std::unexpected(std::move(repaired.error()));
    }
    return body_changes{.edits = std::move(repaired->edits),
                        .repairs = repaired->made,
                        .note = std::move(repaired->note),
                        .wishes = std::move(repaired->wishes)};
}

} // namespace

result<body_changes> body_edits(chat_request const& request, std::string_view body,
                                target const& where, repair_means const& means) {
    body_changes out;
    if (where.repaired && !means.enabled.empty()) {
        auto repaired = repair_body(body, where, means);
        if (!repaired) {
            return std::unexpected(std::move(repaired.error()));
        }
        out = std::move(*repaired);
    }
    name_model(request, body, where, out.edits);
    sort_edits(out.edits);
    return out;
}

} // namespace vertex_relay::core
