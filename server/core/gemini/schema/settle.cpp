#include "core/gemini/schema/settle.hpp"

#include "core/gemini/schema/choices.hpp"
#include "core/gemini/schema/limits.hpp"
#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/gemini/schema/union.hpp"

#include <algorithm>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

/// Deepest schema that may still hold others; an array of scalars may stand one deeper.
constexpr std::size_t parent_depth_max = depth_max - 2;

/// The type the keywords speak of, where none is given.
void infer_type(node& one, conversion& work) {
    type_by_choices(one, work);
    if (one.type != kind::none || !one.branches.empty()) {
        return;
    }
    work.log.repaired("type");
    one.type = one.hint;
    bool number = one.format == "float" || one.format == "double";
    bool integer = one.format == "int32" || one.format == "int64";
    if (one.type == kind::string && (number || integer)) {
        one.type = number ? kind::number : kind::integer;
    }
}

/// Any value: an alternative of each type.
void spell_out_anything(node& one, conversion& work) {
    if (!work.spend_nodes(6)) {
        one.type = kind::string;
        return;
    }
    if (auto example = std::exchange(one.example, {}); !example.empty()) {
        add_note(one, "Example: " + example + ".");
    }
    for (auto type : {kind::string, kind::number, kind::boolean, kind::object, kind::array}) {
        auto& branch = one.branches.emplace_back();
        branch.type = type;
        if (type == kind::array) {
            branch.items.emplace_back().type = kind::string;
        }
    }
    // Said once: five times the same text would teach the model nothing.
    one.branches.front().description = std::exchange(one.description, {});
    one.branches.front().notes = std::exchange(one.notes, {});
}

/// Vertex has no schema for null alone.
void replace_null(node& one, conversion& work) {
    if (one.type == kind::null) {
        work.log.repaired("null");
        one.type = kind::string;
        one.nullable = true;
        one.choices.clear();
        add_note(one, "Must be null.");
    }
}

template <class Member>
void clear_misplaced(Member& member, bool belongs, conversion& work) {
    if (!belongs && !member.empty()) {
        work.log.repaired("misplaced");
        member.clear();
    }
}

void clear_other_types(node& one, conversion& work) {
    bool object = one.type == kind::object;
    clear_misplaced(one.properties, object, work);
    clear_misplaced(one.required_names, object, work);
    clear_misplaced(one.ordering, object, work);
    clear_misplaced(one.items, one.type == kind::array, work);
    clear_misplaced(one.pattern, one.type == kind::string, work);
}

bool is_known_format(node const& one) {
    switch (one.type) {
    case kind::string:
        return one.format == "date-time" || (one.format == "enum" && !one.choices.empty());
    case kind::integer:
        return one.format == "int32" || one.format == "int64";
    case kind::number:
        return one.format == "float" || one.format == "double";
    default:
        return false;
    }
}

void settle_format(node& one, conversion& work) {
    if (one.format.empty() || is_known_format(one)) {
        return;
    }
    work.log.repaired("format");
    if (one.format.size() <= 60 && one.format != "enum") {
        add_note(one, "Format: " + one.format + ".");
    }
    one.format.clear();
}

/// Of properties that stand twice the last counts, as in JavaScript.
void drop_repeated(std::vector<property>& properties, conversion& work) {
    std::vector<std::pair<std::string_view, std::size_t>> order;
    for (std::size_t i = 0; i < properties.size(); ++i) {
        order.emplace_back(properties[i].name, i);
    }
    std::ranges::sort(order);
    std::vector<bool> repeated(properties.size());
    for (std::size_t i = 1; i < order.size(); ++i) {
        repeated[order[i - 1].second] = order[i].first == order[i - 1].first;
    }
    std::size_t at = 0;
    if (std::erase_if(properties, [&](property const&) { return repeated[at++]; }) > 0) {
        work.log.repaired("properties");
    }
}

/// Keeps the names of properties, each once.
void keep_known(std::vector<std::string>& names, std::vector<std::string_view> const& known,
                std::string_view repair, conversion& work) {
    std::vector<bool> seen(known.size());
    auto gone = std::erase_if(names, [&](std::string const& name) {
        auto at = std::ranges::lower_bound(known, std::string_view(name));
        auto index = static_cast<std::size_t>(at - known.begin());
        if (at == known.end() || *at != name || seen[index]) {
            return true;
        }
        seen[index] = true;
        return false;
    });
    if (gone > 0) {
        work.log.repaired(repair);
    }
}

void settle_object(node& one, std::size_t depth, conversion& work) {
    drop_repeated(one.properties, work);
    std::vector<std::string_view> known;
    for (auto& member : one.properties) {
        settle(member.schema, depth + 1, work);
        known.push_back(member.name);
    }
    std::ranges::sort(known);
    keep_known(one.required_names, known, "required", work);
    keep_known(one.ordering, known, "property_ordering", work);
    // Google's map has no order of its own; OpenAI answers in the order of the schema.
    if (work.purpose == schema_purpose::response && one.ordering.empty() && known.size() > 1) {
        work.log.repaired("property_ordering");
        for (auto const& member : one.properties) {
            one.ordering.push_back(member.name);
        }
    }
}

void settle_array(node& one, std::size_t depth, conversion& work) {
    if (one.items.empty()) {
        work.log.repaired("items");
        auto& item = one.items.emplace_back();
        item.type = depth > parent_depth_max ? kind::string : kind::none;
    }
    settle(one.items.front(), depth + 1, work);
}

bool is_scalar(node const& one) {
    return one.branches.empty() && one.properties.empty() && one.items.empty() &&
           one.type != kind::none && one.type != kind::array;
}

/// Below the depth that may hold schemas, what holds some is cut down to its type.
void cut_below(node& one, std::size_t depth, conversion& work) {
    bool leaf = one.branches.empty() && one.properties.empty() &&
                (one.items.empty() || is_scalar(one.items.front()));
    if (depth <= parent_depth_max || leaf) {
        return;
    }
    work.log.repaired("too_deep");
    if (!one.branches.empty()) {
        auto first = std::ranges::find_if(one.branches, is_scalar);
        one.type = first == one.branches.end() ? kind::object : first->type;
    }
    one.branches.clear();
    one.properties.clear();
    one.required_names.clear();
    one.ordering.clear();
    one.items.clear();
    add_note(one, "Nested too deep to be described here.");
}

} // namespace

void settle(node& one, std::size_t depth, conversion& work) {
    infer_type(one, work);
    if (one.description.empty()) {
        one.description = std::move(one.title);
    }
    one.title.clear();
    if (one.type == kind::none && one.branches.empty()) {
        spell_out_anything(one, work);
    }
    cut_below(one, depth, work);
    if (!one.branches.empty()) {
        settle_union(one, depth, work);
        return;
    }
    replace_null(one, work);
    clear_other_types(one, work);
    settle_choices(one, work);
    settle_format(one, work);
    settle_limits(one, work);
    if (one.type == kind::object) {
        settle_object(one, depth, work);
    } else if (one.type == kind::array) {
        settle_array(one, depth, work);
    }
}

} // namespace vertex_relay::core::schema
