#include "core/gemini/schema/dom.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/read.hpp"
#include "core/gemini/schema/sentence.hpp"

#include <fmt/format.h>

#include <utility>

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
    } else if (one.value.is_bool() || member_of(one.around, "prefixItems")) {
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
    auto places = member_of(one.around, "prefixItems");
    places = places ? places : member_of(one.around, "items");
    simdjson::dom::array tuple;
    if (open || find_bound(out, limit::max_items) != nullptr) {
        return;
    }
    bool known = places && places->get(tuple) == simdjson::SUCCESS;
    auto most = static_cast<double>(known ? tuple.size() : 0);
    out.bounds.push_back({limit::max_items, most, fmt::format("{}", most)});
}

} // namespace vertex_relay::core::schema
