#include "core/gemini/schema/merge.hpp"

#include "core/gemini/schema/property_index.hpp"
#include "core/gemini/schema/sentence.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

bool is_number(kind type) {
    return type == kind::number || type == kind::integer;
}

/// Whether one value can be of both types.
bool may_meet(node const& first, node const& second) {
    auto a = first.type;
    auto b = second.type;
    return a == kind::none || b == kind::none || a == b || (is_number(a) && is_number(b)) ||
           (a == kind::null && second.nullable) || (b == kind::null && first.nullable);
}

kind common_type(node const& first, node const& second) {
    if (first.type == kind::none) {
        return second.type;
    }
    bool narrower = (is_number(first.type) && second.type == kind::integer) ||
                    (second.type == kind::null && first.nullable);
    return narrower ? second.type : first.type;
}

bool allows_null(node const& first, node const& second) {
    if (first.type == kind::none || second.type == kind::none) {
        return first.nullable || second.nullable;
    }
    return first.nullable && second.nullable;
}

void merge_words(node& into, node& from) {
    into.description = join_sentences(into.description, from.description);
    if (into.title.empty()) {
        into.title = std::move(from.title);
    }
    for (auto& note : from.notes) {
        add_note(into, std::move(note));
    }
}

bool is_lower_limit(limit which) {
    return which == limit::minimum || which == limit::above || which == limit::min_length ||
           which == limit::min_items || which == limit::min_properties;
}

void merge_bounds(node& into, node& from) {
    for (auto& theirs : from.bounds) {
        auto* ours = find_bound(into, theirs.which);
        if (ours == nullptr) {
            into.bounds.push_back(std::move(theirs));
        } else if (is_lower_limit(theirs.which) == (theirs.value > ours->value)) {
            *ours = std::move(theirs);
        }
    }
}

void merge_texts(node& into, node& from) {
    if (into.format.empty()) {
        into.format = std::move(from.format);
    }
    if (into.pattern.empty()) {
        into.pattern = std::move(from.pattern);
    } else if (!from.pattern.empty() && from.pattern != into.pattern &&
               from.pattern.size() <= quote_max) {
        add_note(into, "Must also match the pattern `" + from.pattern + "`.");
    }
    if (into.example.empty()) {
        into.example = std::move(from.example);
    }
}

void merge_properties(node& into, node& from, conversion& work) {
    std::ranges::move(from.required_names, std::back_inserter(into.required_names));
    into.ordering.clear();
    if (from.properties.empty()) {
        return;
    }
    property_index known(into.properties, from.properties.size());
    for (auto& theirs : from.properties) {
        if (auto* ours = known.find(theirs.name)) {
            ours->schema = merge(std::move(ours->schema), std::move(theirs.schema), work);
        } else {
            known.add(std::move(theirs));
        }
    }
}

void merge_items(node& into, node& from, conversion& work) {
    if (into.items.empty()) {
        into.items = std::move(from.items);
    } else if (!from.items.empty()) {
        into.items.front() =
            merge(std::move(into.items.front()), std::move(from.items.front()), work);
    }
}

/// Neither has alternatives.
node merge_plain(node first, node second, conversion& work) {
    if (!may_meet(first, second)) {
        merge_words(first, second);
        return first;
    }
    auto type = common_type(first, second);
    first.nullable = allows_null(first, second);
    first.type = type;
    first.hint = std::max(first.hint, second.hint);
    first.never = first.never || second.never;
    first.required = first.required || second.required;
    merge_words(first, second);
    narrow_choices(first.choices, std::move(second.choices));
    merge_bounds(first, second);
    merge_texts(first, second);
    merge_properties(first, second, work);
    merge_items(first, second, work);
    return first;
}

/// The describing members, taken out of the node.
node take_words(node& from) {
    node words;
    words.title = std::exchange(from.title, {});
    words.description = std::exchange(from.description, {});
    words.notes = std::exchange(from.notes, {});
    words.required = from.required;
    return words;
}

std::vector<node> take_alternatives(node& from) {
    std::vector<node> out;
    if (from.branches.empty()) {
        out.push_back(std::move(from));
        return out;
    }
    return std::move(from.branches);
}

/// What a union costs that every branch of another is merged with.
std::size_t combined_weight(std::vector<node> const& left, std::vector<node> const& right) {
    std::size_t sum = 0;
    for (auto const& one : left) {
        sum += weight(one) * right.size();
    }
    for (auto const& one : right) {
        sum += weight(one) * left.size();
    }
    return sum;
}

std::vector<node> combine(std::vector<node> const& left, std::vector<node> const& right,
                          conversion& work) {
    std::vector<node> out;
    for (auto const& a : left) {
        for (auto const& b : right) {
            if (may_meet(a, b)) {
                out.push_back(merge_plain(a, b, work));
            }
        }
    }
    return out;
}

bool may_combine(std::vector<node> const& left, std::vector<node> const& right, conversion& work) {
    auto cost = combined_weight(left, right);
    bool few = left.size() == 1 || right.size() == 1 || left.size() * right.size() <= branches_max;
    return few && work.affords(cost) && work.spend(cost);
}

} // namespace

void narrow_choices(std::vector<choice>& choices, std::vector<choice> values) {
    if (choices.empty()) {
        choices = std::move(values);
        return;
    }
    std::ranges::sort(values);
    auto known = [&](choice const& one) { return std::ranges::binary_search(values, one); };
    if (std::ranges::any_of(choices, known)) {
        std::erase_if(choices, std::not_fn(known));
    }
}

void append_branch(std::vector<node>& to, node branch) {
    if (branch.branches.empty()) {
        to.push_back(std::move(branch));
        return;
    }
    auto inner = std::move(branch.branches);
    branch.branches.clear();
    for (auto& one : inner) {
        auto words = branch;
        merge_words(words, one);
        one.title = std::move(words.title);
        one.description = std::move(words.description);
        one.notes = std::move(words.notes);
        to.push_back(std::move(one));
    }
}

std::size_t weight(node const& one) {
    auto sum = 24 + one.description.size() + one.format.size() + one.pattern.size() +
               one.example.size() + 24 * one.bounds.size();
    for (auto const& note : one.notes) {
        sum += note.size();
    }
    for (auto const& value : one.choices) {
        sum += value.text.size() + 3;
    }
    for (auto const& name : one.required_names) {
        sum += name.size() + 3;
    }
    for (auto const& member : one.properties) {
        sum += member.name.size() + 4 + weight(member.schema);
    }
    for (auto const* children : {&one.items, &one.branches}) {
        for (auto const& child : *children) {
            sum += weight(child);
        }
    }
    return sum;
}

node merge(node first, node second, conversion& work) {
    if (first.branches.empty() && second.branches.empty()) {
        return merge_plain(std::move(first), std::move(second), work);
    }
    if (is_anything(first) && !first.nullable && first.example.empty()) {
        merge_words(first, second);
        first.branches = std::move(second.branches);
        return first;
    }
    auto out = take_words(first);
    auto words = take_words(second);
    merge_words(out, words);
    auto left = take_alternatives(first);
    auto right = take_alternatives(second);
    if (may_combine(left, right, work)) {
        out.branches = combine(left, right, work);
    } else {
        work.log.repaired("too_large");
        add_note(out, "Further alternatives are not described here.");
    }
    if (out.branches.empty()) {
        out.branches = std::move(left);
    }
    return out;
}

} // namespace vertex_relay::core::schema
