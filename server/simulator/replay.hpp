#pragma once
// Answers that the real Vertex AI once gave, given again to the same requests. The files are those
// of `vertex-relay conformance --captures`: see core/conformance/capture.hpp.

#include "simulator/answer.hpp"
#include "simulator/json_view.hpp"

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::simulator {

class replay {
public:
    /// Reads every capture in `dir`; the error names the file and what is wrong with it. A `dir`
    /// without any is an error too.
    static std::expected<replay, std::string> load(std::filesystem::path const& dir);

    /// The answer to a request with this body, to `openapi` or to an endpoint of its own; nothing
    /// if it was never captured. Order of members and blanks do not matter.
    std::optional<answer> find(json body, bool openapi) const;
    std::size_t size() const { return answers_.size(); }

private:
    std::map<std::string, answer, std::less<>> answers_; ///< by kind of endpoint and body
};

/// A JSON text that is the same for equal documents: no blanks, members in the order of their keys.
std::string canonical(json value);

} // namespace vertex_relay::simulator
