#include "core/egress/ip_address.hpp"

#include "core/ascii.hpp"
#include "core/config/grammar.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace vertex_relay::core {

namespace {

constexpr std::size_t mapped_at = 12; ///< where IPv4 begins behind `::ffff:`
constexpr unsigned mapped_bits = 96;

/// Four octets that `grammar::is_ipv4` has checked.
void read_octets(std::string_view text, std::uint8_t* into) {
    for (int i = 0; i < 4; ++i) {
        auto dot = text.find('.');
        *into++ = ascii::parse_decimal<std::uint8_t>(text.substr(0, dot)).value_or(0);
        text.remove_prefix(dot == text.npos ? text.size() : dot + 1);
    }
}

/// The bytes of colon-separated groups that `grammar::is_ipv6` has checked.
std::vector<std::uint8_t> read_groups(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    while (!text.empty()) {
        auto colon = text.find(':');
        auto group = text.substr(0, colon);
        if (group.find('.') != group.npos) {
            bytes.resize(bytes.size() + 4);
            read_octets(group, bytes.data() + bytes.size() - 4);
        } else {
            std::uint16_t value = 0;
            std::from_chars(group.data(), group.data() + group.size(), value, 16);
            bytes.push_back(static_cast<std::uint8_t>(value >> 8U));
            bytes.push_back(static_cast<std::uint8_t>(value & 0xffU));
        }
        text.remove_prefix(colon == text.npos ? text.size() : colon + 1);
    }
    return bytes;
}

} // namespace

std::optional<ip_address> ip_address::parse(std::string_view text) {
    ip_address out;
    if (grammar::is_ipv4(text)) {
        out.bytes_[10] = out.bytes_[11] = 0xff;
        read_octets(text, out.bytes_.data() + mapped_at);
        return out;
    }
    if (!grammar::is_ipv6(text)) {
        return std::nullopt;
    }
    auto gap = text.find("::");
    auto head = read_groups(text.substr(0, gap));
    auto tail = gap == text.npos ? std::vector<std::uint8_t>() : read_groups(text.substr(gap + 2));
    std::ranges::copy(head, out.bytes_.begin());
    std::ranges::copy_backward(tail, out.bytes_.end());
    return out;
}

bool ip_address::shares_prefix(ip_address const& other, unsigned bits) const {
    auto whole = bits / 8;
    if (!std::equal(bytes_.begin(), bytes_.begin() + whole, other.bytes_.begin())) {
        return false;
    }
    auto left = bits % 8;
    return left == 0 || ((bytes_[whole] ^ other.bytes_[whole]) >> (8 - left)) == 0;
}

bool ip_address::is_v4() const {
    static auto const mapped = *parse("::ffff:0.0.0.0");
    return shares_prefix(mapped, mapped_bits);
}

bool ip_address::is_loopback() const {
    static auto const v4 = *parse("127.0.0.0");
    static auto const v6 = *parse("::1");
    return shares_prefix(v4, mapped_bits + 8) || *this == v6;
}

bool ip_address::is_link_local() const {
    static auto const v4 = *parse("169.254.0.0");
    static auto const v6 = *parse("fe80::");
    return shares_prefix(v4, mapped_bits + 16) || shares_prefix(v6, 10);
}

std::optional<ip_network> ip_network::parse(std::string_view text) {
    auto slash = text.find('/');
    if (slash == text.npos) {
        return std::nullopt;
    }
    auto written = text.substr(0, slash);
    auto base = ip_address::parse(written);
    auto bits = ascii::parse_decimal<unsigned>(text.substr(slash + 1));
    bool dotted = grammar::is_ipv4(written);
    if (!base || !bits || *bits > (dotted ? 32 : 128)) {
        return std::nullopt;
    }
    return ip_network(*base, dotted ? mapped_bits + *bits : *bits);
}

bool ip_network::contains(ip_address const& address) const {
    return base_.is_v4() == address.is_v4() && base_.shares_prefix(address, bits_);
}

} // namespace vertex_relay::core
