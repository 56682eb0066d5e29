#include "core/egress/proxy.hpp"

#include "core/ascii.hpp"
#include "core/base64.hpp"
#include "core/http/authority.hpp"

#include <fmt/format.h>

#include <optional>

namespace vertex_relay::core {

namespace {

using parsed = std::expected<proxy, std::string>;

std::optional<unsigned> hex_digit(char c) {
    auto letter = ascii::lower(c);
    if (ascii::is_digit(c)) {
        return static_cast<unsigned>(c - '0');
    }
    return letter >= 'a' && letter <= 'f' ? std::optional(static_cast<unsigned>(letter - 'a') + 10)
                                          : std::nullopt;
}

/// Appends the decoded text; false if it is malformed or holds what RFC 7617 forbids.
bool append_decoded(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto c = static_cast<unsigned char>(text[at]);
        if (text[at] == '%') {
            auto high = at + 2 < text.size() ? hex_digit(text[at + 1]) : std::nullopt;
            auto low = high ? hex_digit(text[at + 2]) : std::nullopt;
            if (!low) {
                return false;
            }
            c = static_cast<unsigned char>(*high * 16 + *low);
            at += 2;
        }
        if (c < ' ' || c == 0x7f) {
            return false;
        }
        out.push_back(static_cast<char>(c));
    }
    return true;
}

/// `USER`, `USER:PASSWORD`; nothing if it cannot be sent.
std::optional<secret> read_credentials(std::string_view userinfo) {
    auto colon = std::min(userinfo.find(':'), userinfo.size());
    std::string pair;
    pair.reserve(userinfo.size() + 1); // no outgrown copy may keep the password
    bool good = append_decoded(pair, userinfo.substr(0, colon)) && !pair.contains(':');
    pair += ':';
    good = good && append_decoded(pair, userinfo.substr(std::min(colon + 1, userinfo.size())));
    secret decoded(std::move(pair));
    return good ? std::optional(basic_credentials(decoded)) : std::nullopt;
}

std::string complaint(std::string_view variable, std::string_view what) {
    return fmt::format("{} {}. Write http://HOST:PORT or https://HOST:PORT, with USER:PASSWORD@ "
                       "before HOST if the proxy wants it; or set NO_PROXY=* to use no proxy.",
                       variable, what);
}

} // namespace

std::string proxy::address() const {
    return fmt::format("{}://{}:{}", tls ? "https" : "http",
                       host.contains(':') ? "[" + host + "]" : host, port);
}

std::string proxy::text() const { return fmt::format("the proxy {} ({})", address(), variable); }

parsed parse_proxy(std::string_view url, std::string_view variable) {
    proxy out;
    out.variable = variable;
    auto fail = [variable](std::string_view what) {
        return parsed(std::unexpect, complaint(variable, what));
    };
    if (auto scheme_end = url.find("://"); scheme_end != url.npos) {
        auto scheme = url.substr(0, scheme_end);
        out.tls = ascii::iequals(scheme, "https");
        if (ascii::istarts_with(scheme, "socks")) {
            return fail("names a SOCKS proxy, which the relay does not speak");
        }
        if (!out.tls && !ascii::iequals(scheme, "http")) {
            return fail("is not the address of an HTTP proxy");
        }
        url.remove_prefix(scheme_end + 3);
    }
    auto authority = url.substr(0, url.find_first_of("/?#"));
    if (authority.size() < url.rfind('@') + 1) {
        return fail("has a special character in the password that must be percent-encoded "
                    "(/ as %2F, ? as %3F, # as %23)");
    }
    if (auto at = authority.rfind('@'); at != authority.npos) {
        auto credentials = read_credentials(authority.substr(0, at));
        if (!credentials) {
            return fail("has a user or password with a stray %, a control character, or a colon "
                        "in the user");
        }
        out.credentials = at > 0 ? std::move(*credentials) : secret();
        authority.remove_prefix(at + 1);
    }
    auto where = parse_authority(authority);
    if (!where || where->port == 0U) {
        return fail("is not the address of an HTTP proxy");
    }
    out.host = where->host;
    out.port = static_cast<std::uint16_t>(where->port.value_or(out.tls ? 443 : 80));
    return out;
}

} // namespace vertex_relay::core
