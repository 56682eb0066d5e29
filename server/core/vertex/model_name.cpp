#include "core/vertex/model_name.hpp"

#include "core/ascii.hpp"
#include "core/config/near_miss.hpp"

#include <algorithm>

namespace vertex_relay::core {

namespace {

std::string_view bare(std::string_view name) {
    auto slash = name.rfind('/');
    return slash == name.npos ? name : name.substr(slash + 1);
}

} // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) {
    std::size_t p = 0;
    std::size_t t = 0;
    auto star = pattern.npos;
    std::size_t retry = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != pattern.npos) {
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == pattern.npos;
}

std::vector<std::string> near_names(std::string_view name, std::vector<std::string> const& known,
                                    std::size_t count) {
    auto wanted = ascii::to_lower(bare(name.substr(0, 256)));
    std::vector<std::pair<std::size_t, std::size_t>> found; // how far apart, which of `known`
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto candidate = ascii::to_lower(bare(known[i]));
        auto apart = spelling_distance(wanted, candidate);
        bool part = wanted.size() >= 4 && candidate.find(wanted) != candidate.npos;
        if (part || apart <= std::max<std::size_t>(2, wanted.size() / 3)) {
            found.emplace_back(apart, i);
        }
    }
    std::ranges::sort(found);
    std::vector<std::string> names;
    found.resize(std::min(found.size(), count));
    for (auto [apart, i] : found) {
        names.push_back(known[i]);
    }
    return names;
}

} // namespace vertex_relay::core
