#include "core/gemini/request/job.hpp"

#include "core/gemini/edited_text.hpp"

namespace vertex_relay::core {

void repair_job::keep_keys(located_value object, std::span<std::string_view const> known,
                           std::vector<edit>& edits) {
    auto unknown = [&](located_value member) { return !member.key_is_one_of(known); };
    if (wants(repair::message_keys) && std::ranges::any_of(object.children(), unknown)) {
        made(repair::message_keys);
        append_removals(edits, object, unknown);
    }
}

std::string edited_text(located_value value, std::vector<edit> const& edits) {
    std::vector<edit> inside;
    for (auto const& change : edits) {
        bool within = change.offset >= value.offset() &&
                      change.offset + change.length <= value.end_offset();
        if (within) {
            inside.push_back(change);
        }
    }
    std::string text;
    append_edited(text, value.text(), relative_to(std::move(inside), value.offset()));
    return text;
}

} // namespace vertex_relay::core
