#include "core/gemini/schema/facet_values.hpp"

#include "core/gemini/schema/dom.hpp"
#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/sentence.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

using simdjson::dom::element;

choice read_choice(element value) {
    switch (value.type()) {
    case simdjson::dom::element_type::STRING:
        return {kind::string, std::string(text_of(value))};
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
        return {kind::integer, simdjson::minify(value)};
    case simdjson::dom::element_type::DOUBLE:
        return {kind::number, simdjson::minify(value)};
    case simdjson::dom::element_type::BOOL:
        return {kind::boolean, is_true(value) ? "true" : "false"};
    case simdjson::dom::element_type::ARRAY:
        return {kind::array, quoted_json(value)};
    case simdjson::dom::element_type::OBJECT:
        return {kind::object, quoted_json(value)};
    case simdjson::dom::element_type::NULL_VALUE:
        break;
    }
    return {kind::null, "null"};
}

std::vector<choice> read_choices(element values, conversion& work) {
    std::vector<choice> out;
    simdjson::dom::array array;
    if (values.get(array) != simdjson::SUCCESS) {
        return out;
    }
    for (auto value : array) {
        auto one = read_choice(value);
        if (!work.spend(one.text.size() + 16)) {
            return {};
        }
        out.push_back(std::move(one));
    }
    return out;
}

/// Google's parser takes a number in quotes for a number (the JSON form of protobuf).
std::optional<bound> read_number(element value, limit which) {
    auto text = text_of(value);
    double number = 0;
    if (value.is_string()) {
        auto const* end = text.data() + text.size();
        bool whole = std::from_chars(text.data(), end, number).ptr == end && !text.empty();
        bool finite = whole && number - number == 0;
        return finite ? std::optional(bound{which, number, fmt::format("{}", number)})
                      : std::nullopt;
    }
    bool known = value.get(number) == simdjson::SUCCESS;
    return known ? std::optional(bound{which, number, simdjson::minify(value)}) : std::nullopt;
}

void set_bound(node& out, bound one) {
    erase_bound(out, one.which);
    out.bounds.push_back(std::move(one));
}

} // namespace

void read_enum(node& out, facet const& member, keyword const& self, conversion& work) {
    auto values = read_choices(member.value, work);
    if (values.empty()) {
        drop(out, member, self, work);
        return;
    }
    narrow_choices(out.choices, std::move(values));
}

void read_const(node& out, facet const& member, keyword const&, conversion& work) {
    auto value = read_choice(member.value);
    work.log.repaired("const");
    if (work.spend(value.text.size())) {
        std::vector<choice> only{std::move(value)};
        narrow_choices(only, std::move(out.choices));
        out.choices = std::move(only);
    }
}

void read_limit(node& out, facet const& member, keyword const& self, conversion& work) {
    auto number = read_number(member.value, self.which);
    if (!number) {
        drop(out, member, self, work);
        return;
    }
    if (member.value.is_string()) {
        work.log.repaired("limits");
    }
    set_bound(out, *std::move(number));
}

void read_exclusive(node& out, facet const& member, keyword const& self, conversion& work) {
    work.log.repaired("exclusive_limits");
    auto beside = member_of(member.around, self.which == limit::above ? "minimum" : "maximum");
    auto value = is_true(member.value) && beside ? *beside : member.value;
    if (auto number = read_number(value, self.which)) {
        set_bound(out, *std::move(number));
    }
}

} // namespace vertex_relay::core::schema
