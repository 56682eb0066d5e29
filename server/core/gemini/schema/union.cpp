#include "core/gemini/schema/union.hpp"

#include "core/gemini/schema/choices.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/property_index.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/gemini/schema/settle.hpp"
#include "core/gemini/schema/write.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <span>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

void take_null_out(node& one, conversion& work) {
    for (auto& branch : one.branches) {
        type_by_choices(branch, work);
    }
    auto gone = std::erase_if(one.branches, [](node const& b) { return b.type == kind::null; });
    if (gone > 0) {
        work.log.repaired("nullable");
        one.nullable = true;
    }
}

/// Settles every branch; one that turns out to be a union itself is spread out.
void settle_branches(node& one, std::size_t depth, conversion& work) {
    std::vector<node> settled;
    for (auto& branch : one.branches) {
        settle(branch, depth + 1, work);
        if (!branch.branches.empty()) {
            work.log.repaired("any_of");
        }
        append_branch(settled, std::move(branch));
    }
    for (auto& branch : settled) {
        branch.nullable = branch.nullable || one.nullable;
    }
    one.branches = std::move(settled);
}

/// A list of strings and nothing else.
bool is_plain_list(node const& one) {
    return one.type == kind::string && !one.choices.empty() && whole_description(one).empty() &&
           one.bounds.empty() && one.pattern.empty() && one.example.empty();
}

/// `"a" | "b"`, as TypeScript writes it, is one list.
void join_lists(node& one, conversion& work) {
    std::vector<node> joined;
    std::vector<std::size_t> lists; // in `joined`
    for (auto& branch : one.branches) {
        bool plain = is_plain_list(branch);
        auto like = std::ranges::find_if(lists, [&](std::size_t index) {
            return plain && joined[index].format == branch.format &&
                   joined[index].nullable == branch.nullable;
        });
        if (like != lists.end()) {
            work.log.repaired("any_of");
            std::ranges::move(branch.choices, std::back_inserter(joined[*like].choices));
            continue;
        }
        if (plain) {
            lists.push_back(joined.size());
        }
        joined.push_back(std::move(branch));
    }
    for (auto index : lists) {
        settle_choices(joined[index], work);
    }
    one.branches = std::move(joined);
}

void describe_branches(node& one, conversion& work) {
    auto words = whole_description(one);
    bool room = work.affords(words.size() * one.branches.size());
    if (!words.empty() && !room) {
        work.log.repaired("too_large");
    }
    one.description.clear();
    one.notes.clear();
    for (auto& branch : one.branches) {
        branch.description = whole_description(branch);
        branch.notes.clear();
        if (!words.empty() && room && work.spend(words.size())) {
            branch.description = join_sentences(words, branch.description);
        }
    }
}

void drop_equal(node& one, conversion& work) {
    std::set<std::string> seen;
    auto gone = std::erase_if(one.branches, [&](node const& branch) {
        return !seen.insert(write(branch)).second;
    });
    if (gone > 0) {
        work.log.repaired("any_of");
    }
}

} // namespace

void settle_union(node& one, std::size_t depth, conversion& work) {
    take_null_out(one, work);
    if (one.branches.empty()) {
        one.type = kind::null;
        settle(one, depth, work);
        return;
    }
    bool alone = one.branches.size() == 1;
    settle_branches(one, alone ? depth - 1 : depth, work);
    join_lists(one, work);
    describe_branches(one, work);
    drop_equal(one, work);
    if (one.branches.size() == 1) {
        auto only = std::move(one.branches.front());
        only.required = one.required;
        one = std::move(only);
    } else {
        one.nullable = false;
    }
}

namespace {

bool is_object(node const& one) {
    return one.type == kind::object || (one.type == kind::none && one.hint == kind::object);
}

/// Another alternative's schema for a property of the same name.
void widen(node& known, node other) {
    if (write(known) == write(other)) {
        return;
    }
    node either;
    append_branch(either.branches, std::move(known));
    append_branch(either.branches, std::move(other));
    known = std::move(either);
}

void add_alternative(node& to, node from) {
    property_index known(to.properties, from.properties.size());
    for (auto& theirs : from.properties) {
        if (auto* ours = known.find(theirs.name)) {
            widen(ours->schema, std::move(theirs.schema));
        } else {
            known.add(std::move(theirs));
        }
    }
    std::ranges::sort(from.required_names);
    std::erase_if(to.required_names, [&](std::string const& name) {
        return !std::ranges::binary_search(from.required_names, name);
    });
}

std::vector<std::string> names_of(node const& one) {
    std::vector<std::string> names;
    for (auto const& member : one.properties) {
        names.push_back(member.name);
    }
    return names;
}

} // namespace

bool merge_alternatives(node& root, conversion& work) {
    auto gone = std::erase_if(root.branches, std::not_fn(is_object));
    if (root.branches.empty()) {
        return false;
    }
    if (gone > 0 || root.branches.size() > 1) {
        work.log.repaired("root_union");
    }
    node out = std::move(root.branches.front());
    out.type = kind::object;
    std::string ways = enumerate(names_of(out));
    for (auto& other : std::span(root.branches).subspan(1)) {
        ways += ways.size() < 4 * quote_max ? "; or " + enumerate(names_of(other)) : "";
        add_alternative(out, std::move(other));
    }
    if (!root.title.empty()) {
        out.title = std::move(root.title);
    }
    out.description = join_sentences(root.description, out.description);
    for (auto& note : root.notes) {
        add_note(out, std::move(note));
    }
    if (root.branches.size() > 1) {
        add_note(out, "One of these sets of properties: " + ways + ".");
    }
    root = std::move(out);
    return true;
}

} // namespace vertex_relay::core::schema
