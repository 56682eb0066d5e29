#include "simulator/tokens.hpp"

#include "core/ascii.hpp"
#include "simulator/encoding.hpp"

namespace vertex_relay::simulator {

std::string token_store::issue(time now, std::chrono::seconds lifetime) {
    constexpr std::size_t remembered_max = 100'000;
    if (expiries_.size() >= remembered_max) {
        std::erase_if(expiries_, [now](auto const& entry) { return entry.second <= now; });
    }
    auto token = "ya29.sim-" + random_base64url(48);
    expiries_[token] = now + lifetime;
    return token;
}

bearer token_store::judge(std::string_view authorization, time now) const {
    if (authorization.empty()) {
        return bearer::missing;
    }
    auto token = bearer_token(authorization);
    if (!token.empty() && token == always_) {
        return bearer::good;
    }
    auto found = expiries_.find(token);
    return found != expiries_.end() && now < found->second ? bearer::good : bearer::bad;
}

std::string_view bearer_token(std::string_view authorization) {
    constexpr std::string_view scheme = "Bearer ";
    return core::ascii::istarts_with(authorization, scheme)
               ? core::ascii::trim(authorization.substr(scheme.size()))
               : std::string_view();
}

} // namespace vertex_relay::simulator
