#pragma once
// What the parts of a request repair share: the rules, and what they leave behind.

#include "core/gemini/request_repair.hpp"
#include "core/gemini/tool_names.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace vertex_relay::core {

struct repair_job {
    repair_rules const& rules;
    repaired_request out = {};
    std::optional<failure> failed = {}; ///< the first one
    tool_names names;
    std::vector<std::size_t> doomed = {}; ///< members of the body that go, by index

    bool wants(repair one) const { return rules.enabled.has(one); }
    void made(repair one) { out.made.add(one); }
    void replace(repair why, located_value value, std::string text) {
        made(why);
        out.edits.push_back({value.offset(), value.length(), std::move(text)});
    }
    /// Takes a member of the body out; all of them go at once, at the end.
    void take_out(repair why, located_value member) {
        made(why);
        doomed.push_back(member.index());
    }
    /// `member` is key and value.
    void replace_member(repair why, located_value value, std::string member) {
        made(why);
        auto from = value.member_offset();
        out.edits.push_back({from, value.end_offset() - from, std::move(member)});
    }
    /// A function's name where it stands, as Vertex takes it.
    void map_name(located_value name, std::vector<edit>& edits) {
        auto written = name.string();
        auto sent = names.to_vertex(written);
        if (sent != written) {
            made(repair::tool_names);
            edits.push_back({name.offset(), name.length(), '"' + std::string(sent) + '"'});
        }
    }
    /// Takes out what Vertex does not know of `object`, such as what clients echo from streams.
    void keep_keys(located_value object, std::span<std::string_view const> known,
                   std::vector<edit>& edits);
    /// Each sentence once; it stands in a header field. What is too much is not told.
    void tell(std::string_view note) {
        constexpr std::size_t note_bytes_max = 1'000;
        if (out.note.contains(note) || out.note.size() + note.size() > note_bytes_max) {
            return;
        }
        out.note += out.note.empty() ? "" : "; ";
        out.note += note;
    }
    void fail(failure why) {
        if (!failed) {
            failed = std::move(why);
        }
    }
};

/// `value` as written, with those of `edits` that lie inside it.
std::string edited_text(located_value value, std::vector<edit> const& edits);

} // namespace vertex_relay::core
