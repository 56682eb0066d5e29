#pragma once
// A snapshot of the process environment, so that no decision calls getenv.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::google {

/// Variables by name. A variable set to the empty string counts as unset, as in google-auth since
/// 2.48 and in Go. The io layer puts the home directory of the passwd entry in `HOME` when that is
/// unset, which is what google-auth and Go fall back to.
class environment {
public:
    using variables = std::map<std::string, std::string, std::less<>>;

    environment() = default;
    explicit environment(variables values) : values_(std::move(values)) {}

    /// Reads `NAME=value` strings up to a null pointer, the shape of POSIX `environ`.
    static environment from_block(char const* const* block) {
        variables values;
        for (; block != nullptr && *block != nullptr; ++block) {
            std::string_view entry = *block;
            auto equals = entry.find('=');
            if (equals != std::string_view::npos) {
                values.emplace(entry.substr(0, equals), entry.substr(equals + 1));
            }
        }
        return environment(std::move(values));
    }

    /// Empty when unset. The view lives as long as this object.
    std::string_view get(std::string_view name) const {
        auto found = values_.find(name);
        return found == values_.end() ? std::string_view{} : std::string_view{found->second};
    }
    bool has(std::string_view name) const { return !get(name).empty(); }

    /// `NAME=value` of each, for a child process.
    std::vector<std::string> entries() const {
        std::vector<std::string> out;
        out.reserve(values_.size());
        for (auto const& [name, value] : values_) {
            out.push_back(name + "=" + value);
        }
        return out;
    }

private:
    variables values_;
};

} // namespace vertex_relay::core::google
