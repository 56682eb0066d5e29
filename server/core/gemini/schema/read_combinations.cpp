#include "core/gemini/schema/dom.hpp"
#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/read.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/json_text.hpp"

#include <algorithm>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

/// `required` and a name at most: an alternative that only says what must be given.
bool is_requirement(simdjson::dom::element branch) {
    simdjson::dom::object members;
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

} // namespace

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
    auto type = known ? member_of(schema, "type") : std::nullopt;
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
    if (!readable) {
        return;
    }
    if (branches.size() > 0 && std::ranges::all_of(branches, is_requirement)) {
        note_requirements(out, one.key, branches);
        return;
    }
    node alternatives;
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

void reader::note_requirements(node& out, std::string_view keyword, simdjson::dom::array branches) {
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

} // namespace vertex_relay::core::schema
