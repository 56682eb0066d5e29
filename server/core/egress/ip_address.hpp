#pragma once
// IP addresses as bytes, for rules about networks.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vertex_relay::core {

/// An IPv6 address, or an IPv4 address in its mapped form (RFC 4291 section 2.5.5.2), so that
/// `10.1.2.3` and `::ffff:10.1.2.3` are equal.
class ip_address {
public:
    /// A literal without brackets or zone, as `grammar::is_ipv4` and `is_ipv6` read it.
    static std::optional<ip_address> parse(std::string_view text);

    bool is_v4() const;
    /// 127.0.0.0/8 or ::1.
    bool is_loopback() const;
    /// 169.254.0.0/16 (metadata servers live there) or fe80::/10.
    bool is_link_local() const;

    /// Whether the first `bits` of 128 are the same.
    bool shares_prefix(ip_address const& other, unsigned bits) const;
    bool operator==(ip_address const&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// A network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3).
class ip_network {
public:
    /// `10.0.0.0/8`, `2001:db8::/32`; bits behind the prefix may be set and do not count.
    static std::optional<ip_network> parse(std::string_view text);
    /// The network of one address.
    explicit ip_network(ip_address const& only) : base_(only) {}

    /// `::/0` holds all of IPv6 and nothing of IPv4.
    bool contains(ip_address const& address) const;

private:
    ip_network(ip_address const& base, unsigned bits) : base_(base), bits_(bits) {}

    ip_address base_;
    unsigned bits_ = 128; ///< of the 128, also for IPv4
};

} // namespace vertex_relay::core
