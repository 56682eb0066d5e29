#include "core/vertex/model_name.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <numeric>

namespace vertex_relay::core {

namespace {

bool is_segment(std::string_view text) {
    return !text.empty() && ascii::is_alnum(text.front()) &&
           std::ranges::all_of(text, [](char c) {
               return ascii::is_alnum(c) || c == '.' || c == '_' || c == '-';
           });
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0U);
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto change = diagonal + (ascii::lower(a[i]) == ascii::lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::string_view bare(std::string_view name) {
    auto slash = name.rfind('/');
    return slash == name.npos ? name : name.substr(slash + 1);
}

} // namespace

bool is_publisher_model(std::string_view text) {
    auto slash = text.find('/');
    if (text.size() > 256 || slash == text.npos || text.find("..") != text.npos) {
        return false;
    }
    auto publisher = text.substr(0, slash);
    auto model = text.substr(slash + 1);
    auto at = model.find('@');
    bool version = at == model.npos || is_segment(model.substr(at + 1));
    return !publisher.empty() && publisher.size() <= 63 &&
           std::ranges::all_of(publisher,
                               [](char c) {
                                   return ascii::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
                               }) &&
           is_segment(model.substr(0, at)) && version;
}

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
    name = name.substr(0, 256);
    std::vector<std::pair<std::size_t, std::size_t>> found; // how far apart, which of `known`
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto candidate = bare(known[i]);
        auto apart = distance(bare(name), candidate);
        bool part = bare(name).size() >= 4 && candidate.find(bare(name)) != candidate.npos;
        if (part || apart <= std::max<std::size_t>(2, bare(name).size() / 3)) {
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
