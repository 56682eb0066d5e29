#pragma once
// What the operator, never a credential file, decides about credentials.

#include <string>
#include <string_view>

namespace vertex_relay::core::google {

inline constexpr std::string_view default_universe = "googleapis.com";

/// How a service account gets its token: `google.service_account_mode`.
enum class account_mode {
    exchange,    ///< a signed assertion for a token of Google's token server
    self_signed, ///< its own signature is the token: no call, but not every API takes it
    automatic,   ///< exchange; self-signed while the token server is out of reach
};

struct credential_rules {
    std::string universe_domain = {};  ///< `google.universe_domain`; empty: googleapis.com
    bool allow_any_token_host = false; ///< `google.allow_any_token_host`
    account_mode service_accounts = account_mode::exchange;
};

/// The value of the setting: `exchange`, `self_signed` or `auto`, which the table has checked.
inline account_mode parse_account_mode(std::string_view text) {
    return text == "self_signed" ? account_mode::self_signed
           : text == "auto"      ? account_mode::automatic
                                 : account_mode::exchange;
}

} // namespace vertex_relay::core::google
