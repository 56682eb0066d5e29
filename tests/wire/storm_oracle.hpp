#pragma once
// A second opinion on what a client sent, read apart from the parsers under test: which requests
// are in it, which of them may reach Google and with what body (RFC 9112, and the policy table of
// the edge as far as the storm touches it).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::tests {

/// The only model the relay knows in a storm, and what it becomes.
inline constexpr std::string_view storm_alias = "storm";
inline constexpr std::string_view storm_model = "meta/storm";

/// A request that gets exactly one final answer.
struct storm_message {
    bool head_only = false;                   ///< it was a HEAD
    bool local = false;                       ///< the relay may answer it well by itself
    std::optional<std::string> upstream = {}; ///< the body that must reach Google
    bool odd = false;                         ///< valid, but may be refused all the same
};

struct storm_verdict {
    enum class ending : unsigned char {
        in_step, ///< everything was a request, and the connection carries more
        over,    ///< the last message ends the connection
        cut,     ///< the input ends inside a message
    };
    std::vector<storm_message> messages;
    ending end = ending::in_step;

    /// Every byte belongs to a request that reaches Google or is answered well here.
    bool all_good() const;
};

storm_verdict judge(std::string_view bytes);

} // namespace vertex_relay::tests
