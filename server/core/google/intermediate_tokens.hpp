#pragma once
// Tokens got on the way to the last one of a chain, kept so that the next renewal is one call.

#include "core/google/instant.hpp"
#include "core/secret.hpp"

#include <cstddef>
#include <map>

namespace vertex_relay::core::google {

/// Of one credential: forget them when it changes.
class intermediate_tokens {
public:
    /// Null unless enough is left of it for a call or two. Valid until the next change.
    secret const* usable(std::size_t stage, instant now) const {
        constexpr milliseconds margin{60'000};
        auto found = kept_.find(stage);
        bool good = found != kept_.end() && found->second.expires.boot - now.boot > margin &&
                    found->second.expires.wall - now.wall > margin;
        return good ? &found->second.value : nullptr;
    }

    void keep(std::size_t stage, secret value, instant expires) {
        kept_[stage] = {.value = std::move(value), .expires = expires};
    }

    void forget() { kept_.clear(); }

private:
    struct entry {
        secret value;
        instant expires;
    };
    std::map<std::size_t, entry> kept_;
};

} // namespace vertex_relay::core::google
