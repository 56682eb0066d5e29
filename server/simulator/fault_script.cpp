#include "simulator/fault_script.hpp"

#include "core/ascii.hpp"
#include "simulator/json_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace vertex_relay::simulator {

std::expected<fault_script, std::string> fault_script::load(std::filesystem::path const& file) {
    std::ifstream in(file);
    if (!in) {
        return std::unexpected(fmt::format("cannot read the fault script {}", file.string()));
    }
    fault_script script;
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        auto added = script.add(line);
        if (!added) {
            return std::unexpected(fmt::format("{}:{}: {}", file.string(), number, added.error()));
        }
    }
    return script;
}

std::expected<void, std::string> fault_script::add(std::string_view line) {
    auto text = core::ascii::trim(line);
    if (text.empty() || text.starts_with('#')) {
        return {};
    }
    simdjson::dom::parser parser;
    json document;
    if (parser.parse(std::string(text)).get(document) != simdjson::SUCCESS) {
        return std::unexpected("not a JSON object");
    }
    auto name = as_text(member(document, "fault"));
    auto wanted = name ? find_fault(*name) : std::nullopt;
    if (!wanted) {
        return std::unexpected(fmt::format("unknown fault '{}'", name.value_or("")));
    }
    rule made{.model = std::string(text_or(member(document, "model"), "")),
              .path = std::string(text_or(member(document, "path"), "")),
              .wanted = *wanted,
              .left = integer_or(member(document, "times"), -1)};
    if (made.model.empty() && made.path.empty()) {
        return std::unexpected("neither 'model' nor 'path'");
    }
    rules_.push_back(std::move(made));
    return {};
}

bool fault_script::knows(std::string_view model) const {
    return !model.empty() && std::ranges::find(rules_, model, &rule::model) != rules_.end();
}

std::optional<fault> fault_script::take(std::string_view model, std::string_view path) {
    for (auto& one : rules_) {
        bool matches = (one.model.empty() || one.model == model) &&
                       (one.path.empty() || path.starts_with(one.path));
        if (matches && one.left != 0) {
            one.left -= one.left > 0 ? 1 : 0;
            return one.wanted;
        }
    }
    return std::nullopt;
}

} // namespace vertex_relay::simulator
