#include "core/gemini/schema/limits.hpp"

#include "core/gemini/schema/sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace vertex_relay::core::schema {

namespace {

/// Arrays of functions: the sum of all `maxItems` of a request is limited to about 960
/// (python-genai issue 2170), so only small ones stay. In answers several small ones are too many
/// already (vercel/ai issue 21192).
constexpr double max_items_kept = 32;
constexpr double whole_max = 9007199254740992.0; // 2^53: above it doubles skip integers

kind type_of(limit which) {
    switch (which) {
    case limit::min_length:
    case limit::max_length:
        return kind::string;
    case limit::min_items:
    case limit::max_items:
        return kind::array;
    case limit::min_properties:
    case limit::max_properties:
        return kind::object;
    default:
        return kind::number;
    }
}

void drop_misplaced(node& one, conversion& work) {
    auto type = one.type == kind::integer ? kind::number : one.type;
    auto gone = std::erase_if(one.bounds, [&](bound const& limit) {
        return type_of(limit.which) != type;
    });
    if (gone > 0) {
        work.log.repaired("misplaced");
    }
}

/// `exclusiveMinimum` → `minimum`, the same for the maximum. `sign` points into the range.
void include(node& one, limit exclusive, limit inclusive, double sign) {
    auto* found = find_bound(one, exclusive);
    if (found == nullptr) {
        return;
    }
    auto edge = *found;
    erase_bound(one, exclusive);
    auto* known = find_bound(one, inclusive);
    if (known != nullptr && sign * (known->value - edge.value) > 0) {
        return; // the inclusive one is stricter
    }
    erase_bound(one, inclusive);
    if (one.type == kind::integer && std::abs(edge.value) < whole_max) {
        auto next = sign > 0 ? std::floor(edge.value) + 1 : std::ceil(edge.value) - 1;
        one.bounds.push_back({inclusive, next, fmt::format("{:.0f}", next)});
        return;
    }
    add_note(one, fmt::format("Must be {} than {}.", sign > 0 ? "greater" : "less", edge.text));
    one.bounds.push_back({inclusive, edge.value, edge.text});
}

/// Counts are int64 in Google's schema.
void keep_whole_counts(node& one, conversion& work) {
    auto gone = std::erase_if(one.bounds, [&](bound const& limit) {
        bool count = type_of(limit.which) != kind::number;
        bool whole = limit.value >= 0 && limit.value <= whole_max &&
                     limit.value == std::floor(limit.value);
        return count && !whole;
    });
    for (auto& limit : one.bounds) {
        auto text = fmt::format("{:.0f}", limit.value);
        if (type_of(limit.which) != kind::number && limit.text != text) {
            limit.text = std::move(text);
            ++gone;
        }
    }
    if (gone > 0) {
        work.log.repaired("limits");
    }
}

void say(node& one, limit which, std::string_view sentence, conversion& work) {
    if (auto const* found = find_bound(one, which)) {
        work.log.repaired("limits");
        add_note(one, fmt::format(fmt::runtime(sentence), found->text));
        erase_bound(one, which);
    }
}

/// Whether RE2, Google's engine, has a word for everything in it: no looking around, no reference
/// back.
bool is_re2(std::string_view pattern) {
    constexpr std::array<std::string_view, 7> unknown{"(?=", "(?!", "(?<=", "(?<!",
                                                      "(?>", "\\k<", "\\u{"};
    for (std::size_t at = 0; at + 1 < pattern.size(); ++at) {
        bool back = pattern[at] == '\\' && pattern[at + 1] >= '1' && pattern[at + 1] <= '9';
        bool known = std::ranges::none_of(unknown, [&](std::string_view start) {
            return pattern.substr(at).starts_with(start);
        });
        if (back || !known) {
            return false;
        }
        at += pattern[at] == '\\' ? 1 : 0;
    }
    return true;
}

void settle_pattern(node& one, conversion& work) {
    bool stays = work.purpose == schema_purpose::parameters && is_re2(one.pattern);
    if (one.pattern.empty() || stays) {
        return;
    }
    work.log.repaired("pattern");
    if (one.pattern.size() <= quote_max) {
        add_note(one, "Must match the pattern `" + one.pattern + "`.");
    }
    one.pattern.clear();
}

} // namespace

void settle_limits(node& one, conversion& work) {
    drop_misplaced(one, work);
    include(one, limit::above, limit::minimum, 1);
    include(one, limit::below, limit::maximum, -1);
    keep_whole_counts(one, work);
    bool answer = work.purpose == schema_purpose::response;
    if (answer) {
        say(one, limit::min_length, "Minimum length: {}.", work);
        say(one, limit::max_length, "Maximum length: {}.", work);
    }
    auto const* items = find_bound(one, limit::max_items);
    if (items != nullptr && (answer || items->value > max_items_kept)) {
        say(one, limit::max_items, "At most {} items.", work);
    }
    settle_pattern(one, work);
}

} // namespace vertex_relay::core::schema
