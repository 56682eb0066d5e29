#include "core/gemini/schema/choices.hpp"

#include "core/gemini/schema/merge.hpp"
#include "core/gemini/schema/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

kind wider(kind first, kind second) {
    bool numbers = (first == kind::number && second == kind::integer) ||
                   (first == kind::integer && second == kind::number);
    return numbers ? kind::number : first;
}

/// One branch for each type, in order of appearance.
std::vector<node> by_type(std::vector<choice> choices) {
    std::vector<node> out;
    for (auto& one : choices) {
        auto same = std::ranges::find_if(out, [&](node const& branch) {
            return branch.type == one.type || wider(branch.type, one.type) != branch.type ||
                   wider(one.type, branch.type) != one.type;
        });
        if (same == out.end()) {
            out.emplace_back().type = one.type;
            same = out.end() - 1;
        }
        same->type = wider(same->type, one.type);
        same->choices.push_back(std::move(one));
    }
    return out;
}

void drop_null(node& one, conversion& work) {
    auto before = one.choices.size();
    std::erase_if(one.choices, [](choice const& value) { return value.type == kind::null; });
    if (one.choices.size() != before) {
        work.log.repaired("enum");
    }
}

bool drop_repeated(std::vector<choice>& choices) {
    std::vector<std::pair<std::string_view, std::size_t>> order;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        order.emplace_back(choices[i].text, i);
    }
    std::ranges::sort(order);
    std::vector<bool> repeated(choices.size());
    for (std::size_t i = 1; i < order.size(); ++i) {
        repeated[order[i].second] = order[i].first == order[i - 1].first;
    }
    std::size_t at = 0;
    return std::erase_if(choices, [&](choice const&) { return repeated[at++]; }) > 0;
}

void move_into_note(node& one, conversion& work) {
    work.log.repaired("enum");
    std::erase_if(one.choices, [](choice const& value) {
        return value.text.empty() && value.type != kind::string; // too long to be quoted
    });
    if (!one.choices.empty()) {
        add_note(one, allowed_values(one.choices));
    }
    one.choices.clear();
}

void settle_strings(node& one, conversion& work) {
    bool changed = drop_repeated(one.choices);
    bool blank = false;
    for (auto& value : one.choices) {
        changed = changed || value.type != kind::string;
        value.type = kind::string;
        blank = blank || value.text.empty();
    }
    if (changed) {
        work.log.repaired("enum");
    }
    if (blank) { // refused: "enum[0]: cannot be empty" (litellm pull request 14155)
        move_into_note(one, work);
    }
}

std::optional<double> number_of(choice const& value) {
    double number = 0;
    auto const* end = value.text.data() + value.text.size();
    auto [at, error] = std::from_chars(value.text.data(), end, number);
    bool finite = error == std::errc{} && at == end && number - number == 0;
    return finite ? std::optional(number) : std::nullopt;
}

void tighten(node& one, limit which, choice const& value, double number) {
    auto* known = find_bound(one, which);
    if (known == nullptr) {
        one.bounds.push_back({which, number, value.text});
    } else if ((which == limit::minimum) == (number > known->value)) {
        *known = {which, number, value.text};
    }
}

void settle_numbers(node& one, conversion& work) {
    std::vector<std::pair<double, choice const*>> numbers;
    for (auto& value : one.choices) {
        if (auto number = number_of(value)) {
            value.type = one.type; // "1" in quotes is meant as a number
            numbers.emplace_back(*number, &value);
        }
    }
    if (!numbers.empty()) {
        auto [least, most] = std::ranges::minmax(numbers);
        tighten(one, limit::minimum, *least.second, least.first);
        tighten(one, limit::maximum, *most.second, most.first);
    }
    move_into_note(one, work);
}

} // namespace

void type_by_choices(node& one, conversion& work) {
    if (one.type != kind::none || one.choices.empty() || !one.branches.empty()) {
        return;
    }
    auto before = one.choices.size();
    drop_null(one, work);
    one.nullable = one.nullable || one.choices.size() != before;
    auto groups = by_type(one.choices);
    work.log.repaired("type");
    if (groups.size() < 2) {
        one.type = groups.empty() ? kind::null : groups.front().type;
        return;
    }
    node alternatives;
    alternatives.branches = std::move(groups);
    one.choices.clear();
    one = merge(std::move(one), std::move(alternatives), work);
}

void settle_choices(node& one, conversion& work) {
    if (one.choices.empty()) {
        return;
    }
    drop_null(one, work);
    if (one.type == kind::string) {
        settle_strings(one, work);
    } else if (one.type == kind::number || one.type == kind::integer) {
        settle_numbers(one, work);
    } else if (one.type == kind::boolean && one.choices.size() > 1) {
        work.log.repaired("enum"); // both of them
        one.choices.clear();
    } else {
        move_into_note(one, work);
    }
}

} // namespace vertex_relay::core::schema
