#include "core/gemini/schema/read.hpp"

#include "core/ascii.hpp"
#include "core/gemini/schema/facets.hpp"
#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/json_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

/// Schemas inside schemas, references and `allOf` counted too; deeper ones are cut.
constexpr int read_depth_max = 64;

std::optional<element> member(object of, std::string_view key) {
    element found;
    bool known = of.at_key(key).get(found) == simdjson::SUCCESS;
    return known ? std::optional(found) : std::nullopt;
}

std::string_view text_of(element value) {
    std::string_view text;
    return value.get(text) == simdjson::SUCCESS ? text : std::string_view();
}

node cut(kind type, std::string note) {
    node out;
    out.type = type;
    add_note(out, std::move(note));
    return out;
}

/// `Base Branch` only repeats `base_branch`.
bool same_words(std::string_view first, std::string_view second) {
    auto letters = [](std::string_view text) {
        std::string out;
        for (char c : text) {
            if (c != '_' && c != '-' && c != ' ') {
                out += ascii::lower(c);
            }
        }
        return out;
    };
    return letters(first) == letters(second);
}

/// `required` and a name at most: an alternative that only says what must be given.
bool is_requirement(element branch) {
    object members;
    bool requires_names = false;
    if (branch.get(members) != simdjson::SUCCESS) {
        return false;
    }
    for (auto [key, value] : members) {
        requires_names = requires_names || (key == "required" && value.is_array());
        if (key != "required" && key != "title" && key != "description" &&
            !(key == "type" && text_of(value) == "object")) {
            return false;
        }
    }
    return requires_names;
}

/// Whether a union would have to share its schema with this.
bool is_blank(node const& one) {
    return is_anything(one) && one.description.empty() && one.notes.empty() && !one.nullable &&
           one.example.empty() && one.required_names.empty();
}

class reader {
public:
    reader(references& targets, conversion& work) : targets_(targets), work_(work) {}

    node read_root(element root) {
        open_.emplace_back(); // the pointer to the root
        return read(root, 0);
    }

private:
    using step = void (reader::*)(node& out, facet const& one, int depth);

    struct structure { ///< a keyword that holds schemas
        std::string_view name;
        kind hint;
        step read;
    };
    static std::array<structure, 6> const own_structures;
    static std::array<structure, 7> const combinations;

    node read(element schema, int depth);
    node read_bare(element value);
    node read_object(object schema, int depth);
    bool read_own(node& out, facet const& one, int depth);

    void read_type(node& out, facet const& one, int depth);
    void read_type_list(node& out, facet const& one, int depth);
    void read_required(node& out, facet const& one, int depth);
    void read_properties(node& out, facet const& one, int depth);
    void read_items(node& out, facet const& one, int depth);
    void read_tuple(node& out, facet const& one, int depth);
    void read_rest(node& out, facet const& one, int depth);
    void read_ref(node& out, facet const& one, int depth);
    void read_all_of(node& out, facet const& one, int depth);
    void read_union(node& out, facet const& one, int depth);

    void read_property(node& out, std::string_view name, element schema, int depth);
    void add_item(node& out, node item);
    node follow(std::string_view ref, int depth);
    node stop_at(ref_target const& target, std::string_view why);
    void note_requirements(node& out, std::string_view keyword, simdjson::dom::array branches);

    references& targets_;
    conversion& work_;
    std::vector<std::string> open_; ///< pointers of the references being followed
};

std::array<reader::structure, 6> const reader::own_structures{{
    {"type", kind::none, &reader::read_type},
    {"properties", kind::object, &reader::read_properties},
    {"required", kind::none, &reader::read_required},
    {"items", kind::array, &reader::read_items},
    {"prefixItems", kind::array, &reader::read_tuple},
    {"additionalItems", kind::array, &reader::read_rest},
}};

/// What narrows the rest; read once the rest is known, in this order.
std::array<reader::structure, 7> const reader::combinations{{
    {"type", kind::none, &reader::read_type_list},
    {"$ref", kind::none, &reader::read_ref},
    {"$dynamicRef", kind::none, &reader::read_ref},
    {"$recursiveRef", kind::none, &reader::read_ref},
    {"allOf", kind::none, &reader::read_all_of},
    {"anyOf", kind::none, &reader::read_union},
    {"oneOf", kind::none, &reader::read_union},
}};

node reader::read(element schema, int depth) {
    if (depth > read_depth_max) {
        work_.log.repaired("too_deep");
        return cut(kind::object, "Nested too deep to be described here.");
    }
    if (!work_.spend_nodes(1)) {
        work_.log.repaired("too_large");
        return cut(kind::object, "Too large to be described here.");
    }
    object members;
    return schema.get(members) == simdjson::SUCCESS ? read_object(members, depth)
                                                    : read_bare(schema);
}

/// `true`, `false`, and what is no schema at all; a type's bare name is understood.
node reader::read_bare(element value) {
    node out;
    bool flag = false;
    work_.log.repaired("type");
    if (value.get(flag) == simdjson::SUCCESS) {
        out.never = !flag;
    } else {
        out.type = loose_type(text_of(value));
    }
    return out;
}

node reader::read_object(object schema, int depth) {
    node out;
    std::vector<std::string_view> seen;
    for (auto [key, value] : schema) {
        facet one{.key = key, .value = value, .around = schema};
        bool combines = key != "type" && std::ranges::find(combinations, key, &structure::name) !=
                                             combinations.end();
        if (!work_.spend(key.size() + 16)) {
            break;
        }
        if (!combines && !read_own(out, one, depth) && !read_facet(out, one, work_)) {
            work_.log.dropped(key);
        } else if (std::ranges::find(seen, key) != seen.end()) {
            work_.log.repaired("repeated_key"); // Google's parser refuses what ours allows
        } else {
            seen.push_back(key);
        }
    }
    for (auto const& [key, hint, read] : combinations) {
        if (auto value = member(schema, key)) {
            (this->*read)(out, {.key = key, .value = *value, .around = schema}, depth);
        }
    }
    return out;
}

bool reader::read_own(node& out, facet const& one, int depth) {
    auto const* known = std::ranges::find(own_structures, one.key, &structure::name);
    if (known == own_structures.end()) {
        return false;
    }
    out.hint = std::max(out.hint, known->hint);
    (this->*known->read)(out, one, depth);
    return true;
}

void reader::read_type(node& out, facet const& one, int) {
    if (one.value.is_array()) {
        return;
    }
    out.type = loose_type(text_of(one.value));
    if (exact_type(text_of(one.value)) == kind::none) {
        work_.log.repaired("type");
    }
}

/// Several types are a union; `null` among them makes the others nullable.
void reader::read_type_list(node& out, facet const& one, int) {
    simdjson::dom::array names;
    if (one.value.get(names) != simdjson::SUCCESS) {
        return;
    }
    work_.log.repaired("type_list");
    node alternatives;
    for (auto name : names) {
        node branch;
        branch.type = loose_type(text_of(name));
        auto same = std::ranges::find(alternatives.branches, branch.type, &node::type);
        if (branch.type != kind::none && same == alternatives.branches.end()) {
            alternatives.branches.push_back(std::move(branch));
        }
    }
    if (!alternatives.branches.empty()) {
        out = merge(std::move(out), std::move(alternatives), work_);
    }
}

/// Draft 3, and people: `required: true` inside the property.
void reader::read_required(node& out, facet const& one, int) {
    simdjson::dom::array names;
    if (one.value.get(names) != simdjson::SUCCESS) {
        bool flag = false;
        out.required = one.value.get(flag) == simdjson::SUCCESS && flag;
        work_.log.repaired("required");
        return;
    }
    out.hint = std::max(out.hint, kind::object);
    for (auto name : names) {
        if (!name.is_string()) {
            work_.log.repaired("required");
        } else if (work_.spend(text_of(name).size() + 16)) {
            out.required_names.emplace_back(text_of(name));
        }
    }
}

void reader::read_properties(node& out, facet const& one, int depth) {
    object members;
    if (one.value.get(members) != simdjson::SUCCESS) {
        work_.log.dropped(one.key);
        return;
    }
    for (auto [name, schema] : members) {
        if (work_.exhausted) {
            break;
        }
        read_property(out, name, schema, depth);
    }
}

void reader::read_property(node& out, std::string_view name, element schema, int depth) {
    auto read_one = read(schema, depth + 1);
    if (!work_.spend(name.size() + 4) || read_one.never) {
        work_.log.repaired("properties");
        return;
    }
    if (std::exchange(read_one.required, false)) {
        out.required_names.emplace_back(name);
    }
    if (same_words(read_one.title, name)) {
        read_one.title.clear();
    }
    out.properties.push_back({std::string(name), std::move(read_one)});
}

void reader::add_item(node& out, node item) {
    if (item.never) {
        return;
    }
    if (out.items.empty()) {
        out.items.push_back(std::move(item));
        return;
    }
    auto& known = out.items.front();
    if (known.branches.empty() || !whole_description(known).empty()) {
        node either;
        append_branch(either.branches, std::move(known));
        known = std::move(either);
    }
    if (known.branches.size() < branches_max) {
        append_branch(known.branches, std::move(item));
    } else {
        work_.log.repaired("too_large");
    }
}

void reader::read_items(node& out, facet const& one, int depth) {
    if (one.value.is_array()) {
        read_tuple(out, one, depth);
    } else if (one.value.is_bool() || member(one.around, "prefixItems")) {
        read_rest(out, one, depth);
    } else {
        add_item(out, read(one.value, depth + 1));
    }
}

/// A schema for each place: Vertex has one for all of them.
void reader::read_tuple(node& out, facet const& one, int depth) {
    simdjson::dom::array places;
    work_.log.repaired("tuple");
    if (one.value.get(places) != simdjson::SUCCESS) {
        return;
    }
    std::string order;
    for (auto place : places) {
        if (work_.exhausted) {
            break;
        }
        auto item = read(place, depth + 1);
        if (order.size() < quote_max) {
            order += (order.empty() ? "" : ", ") + outline(item);
        }
        add_item(out, std::move(item));
    }
    if (!order.empty()) {
        add_note(out, "Items in this order: " + order + ".");
    }
}

/// What may follow the places of a tuple; `false`: nothing. Without a tuple, any items at all.
void reader::read_rest(node& out, facet const& one, int depth) {
    bool open = true;
    work_.log.repaired("items");
    if (one.value.get(open) != simdjson::SUCCESS) {
        add_item(out, read(one.value, depth + 1));
        return;
    }
    auto places = member(one.around, "prefixItems");
    places = places ? places : member(one.around, "items");
    simdjson::dom::array tuple;
    if (open || find_bound(out, limit::max_items) != nullptr) {
        return;
    }
    bool known = places && places->get(tuple) == simdjson::SUCCESS;
    auto most = static_cast<double>(known ? tuple.size() : 0);
    out.bounds.push_back({limit::max_items, most, fmt::format("{}", most)});
}

void reader::read_ref(node& out, facet const& one, int depth) {
    if (!one.value.is_string()) {
        work_.log.dropped(one.key);
        return;
    }
    work_.log.repaired("refs");
    out = merge(std::move(out), follow(text_of(one.value), depth), work_);
}

node reader::follow(std::string_view ref, int depth) {
    auto target = targets_.find(ref);
    if (!target) {
        node unknown;
        unknown.hint = kind::object;
        add_note(unknown,
                 fmt::format("Defined elsewhere, as {}.", json_string(ref.substr(0, 100))));
        return unknown;
    }
    if (std::ranges::find(open_, target->pointer) != open_.end()) {
        work_.log.repaired("recursion");
        return stop_at(*target, "Recursive: of the same shape as {}.");
    }
    if (open_.size() > work_.refs_max) {
        work_.log.repaired("too_large");
        return stop_at(*target, "Too large to be described here: {}.");
    }
    open_.push_back(target->pointer);
    auto read_one = read(target->schema, depth + 1);
    open_.pop_back();
    return read_one;
}

/// A stand-in for the target, of its type where it says one.
node reader::stop_at(ref_target const& target, std::string_view why) {
    object schema;
    bool known = target.schema.get(schema) == simdjson::SUCCESS;
    auto type = known ? member(schema, "type") : std::nullopt;
    auto given = type ? loose_type(text_of(*type)) : kind::none;
    return cut(given == kind::none || given == kind::null ? kind::object : given,
               fmt::format(fmt::runtime(why), target.name().substr(0, 100)));
}

void reader::read_all_of(node& out, facet const& one, int depth) {
    simdjson::dom::array parts;
    work_.log.repaired("all_of");
    if (one.value.get(parts) != simdjson::SUCCESS) {
        return;
    }
    for (auto part : parts) {
        if (work_.exhausted) {
            break;
        }
        auto narrower = read(part, depth + 1);
        narrower.never = false; // nothing would fit; then rather the other parts
        out = merge(std::move(out), std::move(narrower), work_);
    }
}

void reader::read_union(node& out, facet const& one, int depth) {
    simdjson::dom::array branches;
    bool readable = one.value.get(branches) == simdjson::SUCCESS;
    if (one.key == "oneOf" || !readable || branches.size() < 2 || !is_blank(out)) {
        work_.log.repaired(one.key == "oneOf" ? "one_of" : "any_of");
    }
    node alternatives;
    if (!readable) {
        return;
    }
    if (branches.size() > 0 && std::ranges::all_of(branches, is_requirement)) {
        note_requirements(out, one.key, branches);
        return;
    }
    for (auto branch : branches) {
        if (work_.exhausted) {
            break;
        }
        auto read_one = read(branch, depth + 1);
        if (!read_one.branches.empty() || read_one.never) {
            work_.log.repaired("any_of");
        }
        if (!read_one.never) {
            append_branch(alternatives.branches, std::move(read_one));
        }
    }
    if (!alternatives.branches.empty()) {
        out = merge(std::move(out), std::move(alternatives), work_);
    }
}

void reader::note_requirements(node& out, std::string_view keyword,
                               simdjson::dom::array branches) {
    std::string ways;
    for (auto branch : branches) {
        std::vector<std::string> names;
        simdjson::dom::array required;
        if (branch["required"].get(required) == simdjson::SUCCESS) {
            for (auto name : required) {
                names.emplace_back(text_of(name));
            }
        }
        if (ways.size() < quote_max && !names.empty()) {
            ways += (ways.empty() ? "" : "; or ") + enumerate(names);
        }
    }
    work_.log.repaired("any_of");
    if (!ways.empty()) {
        add_note(out, fmt::format("{} is required: {}.",
                                  keyword == "oneOf" ? "Exactly one" : "At least one", ways));
    }
}

} // namespace

node read_schema(element root, references& targets, conversion& work) {
    return reader(targets, work).read_root(root);
}

} // namespace vertex_relay::core::schema
