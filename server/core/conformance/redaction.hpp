#pragma once
// Takes out of a text what says whose account it is: what is known beforehand, and what can be told
// by its form. What is left is meant to be shown to others.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vertex_relay::core::conformance {

class redaction {
public:
    /// Every `secret` becomes `stand_in`, whatever its case. Longer ones are looked for first, so
    /// that none hides inside another; those of fewer than 6 bytes are too common to be replaced.
    void hide(std::string secret, std::string stand_in);

    /// Besides what is hidden: `projects/…`, `project=…` and `project 123`, e-mail addresses,
    /// access tokens, IPv4 addresses, the numbers in dedicated host names.
    std::string apply(std::string_view text) const;

private:
    std::vector<std::pair<std::string, std::string>> known_;
};

/// Values of header fields that say nothing about who asked; all others are left out.
bool is_harmless_field(std::string_view name);

} // namespace vertex_relay::core::conformance
