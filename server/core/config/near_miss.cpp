#include "core/config/near_miss.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace vertex_relay::core {

namespace {

constexpr std::size_t length_max = 64; // longer names are no typing errors; keeps the work small

/// `.`, `_` and `-` are one: people mix them up, and case too.
std::string folded(std::string_view name) {
    auto text = ascii::to_lower(name);
    std::ranges::replace_if(text, [](char c) { return c == '.' || c == '_'; }, '-');
    return text;
}

bool ends_in_words(std::string_view name, std::string_view words) {
    return name.size() > words.size() && name.ends_with(words) &&
           name[name.size() - words.size() - 1] == '-';
}

std::string_view without_dashes(std::string_view flag) {
    return flag.starts_with("--") ? flag.substr(2) : flag;
}

} // namespace

std::size_t spelling_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> two_back(b.size() + 1);
    std::vector<std::size_t> back(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(two_back, back);
        std::swap(back, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t replace = back[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({back[j] + 1, row[j - 1] + 1, replace});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], two_back[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string_view nearest(std::string_view typed, std::span<std::string_view const> candidates) {
    auto wanted = folded(without_dashes(typed));
    if (wanted.empty() || wanted.size() > length_max) {
        return {};
    }
    std::string_view best;
    std::size_t best_distance = std::clamp<std::size_t>(wanted.size() / 3, 1, 3) + 1;
    std::string_view tail_match;
    for (auto candidate : candidates) {
        auto name = folded(without_dashes(candidate));
        if (name.size() > length_max) {
            continue;
        }
        auto steps = spelling_distance(wanted, name);
        if (steps < best_distance) {
            best_distance = steps;
            best = candidate;
        }
        if (tail_match.empty() && wanted.size() > 2 && ends_in_words(name, wanted)) {
            tail_match = candidate;
        }
    }
    return best.empty() || (best_distance > 1 && !tail_match.empty()) ? tail_match : best;
}

} // namespace vertex_relay::core
