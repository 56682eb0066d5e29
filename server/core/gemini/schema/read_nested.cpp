#include "core/gemini/schema/reader.hpp"

namespace vertex_relay::core::schema {

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

} // namespace vertex_relay::core::schema
