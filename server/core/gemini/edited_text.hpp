#pragma once
// Edits applied to a text that is small enough to be copied: one event, one message.

#include "core/edit.hpp"
#include "core/gemini/located_json.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core {

/// Sorts `edits`; at one place, what is inserted stands before what is taken out.
inline void sort_edits(std::vector<edit>& edits) {
    std::ranges::sort(edits, {}, [](edit const& one) { return std::pair(one.offset, one.length); });
}

/// Sorted, apart from each other, and within `size` bytes: so they are unless the document they
/// were made for is no JSON.
inline bool fit(std::vector<edit> const& edits, std::size_t size) {
    std::size_t at = 0;
    for (auto const& change : edits) {
        if (change.offset < at || change.offset > size || change.length > size - change.offset) {
            return false;
        }
        at = change.offset + change.length;
    }
    return true;
}

/// Appends `text` with `edits`, which are sorted for that; as it is if they do not fit.
inline void append_edited(std::string& out, std::string_view text, std::vector<edit>& edits) {
    sort_edits(edits);
    if (!fit(edits, text.size())) {
        out += text;
        return;
    }
    std::size_t at = 0;
    for (auto const& change : edits) {
        out += text.substr(at, change.offset - at);
        out += change.replacement;
        at = change.offset + change.length;
    }
    out += text.substr(at);
}

inline void append_edited(std::string& out, std::string_view text, std::vector<edit>&& edits) {
    append_edited(out, text, edits);
}

/// Adds the edit that makes `member` (`"key":value`) the first of `object`, in front of those that
/// `edits` put there before: two insertions at one place would each lack the other's comma.
/// Takes the place of an only member that goes; of several, one must stay. Into what is no object
/// nothing is put.
inline void insert_member(std::vector<edit>& edits, located_value object, std::string member) {
    if (!object.is(json_kind::object)) {
        return;
    }
    if (object.children().size() == 1) {
        auto only = *object.children().begin();
        auto gone = std::ranges::find_if(edits, [&](edit const& one) {
            return one.offset == only.member_offset() && one.replacement.empty() &&
                   one.offset + one.length == only.end_offset();
        });
        if (gone != edits.end()) {
            gone->replacement = std::move(member);
            return;
        }
    }
    auto at = object.offset() + 1;
    auto known = std::ranges::find_if(
        edits, [at](edit const& one) { return one.offset == at && one.length == 0; });
    if (known != edits.end()) {
        known->replacement.insert(0, member + ',');
    } else {
        edits.push_back({at, 0, std::move(member) + (object.children().empty() ? "" : ",")});
    }
}

/// `edits` of a document as edits of the part of it that starts at `offset`.
inline std::vector<edit> relative_to(std::vector<edit> edits, std::size_t offset) {
    for (auto& change : edits) {
        change.offset -= offset;
    }
    return edits;
}

} // namespace vertex_relay::core
