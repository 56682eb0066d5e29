#pragma once
// Access tokens the simulator has issued, with their expiry, and the clock they are judged by.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vertex_relay::simulator {

enum class bearer { missing, good, bad };

/// Not thread-safe; owned by the simulator's thread.
class token_store {
public:
    using time = std::chrono::sys_seconds;

    /// A new token good for `lifetime` from `now`. Expired ones are forgotten now and then.
    std::string issue(time now, std::chrono::seconds lifetime);
    /// Judges the value of an `Authorization` header.
    bearer judge(std::string_view authorization, time now) const;
    void revoke(std::string_view token) { expiries_.erase(std::string(token)); }
    void revoke_all() { expiries_.clear(); }
    /// A token that is always good; empty for none.
    void accept_always(std::string token) { always_ = std::move(token); }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>{}(text);
        }
    };
    std::unordered_map<std::string, time, text_hash, std::equal_to<>> expiries_;
    std::string always_;
};

/// The token of an `Authorization: Bearer` value; empty if it is none.
std::string_view bearer_token(std::string_view authorization);

} // namespace vertex_relay::simulator
