#pragma once
// NO_PROXY: which hosts are reached without the proxy.

#include "core/egress/ip_address.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core {

/// Reads the list as Go's `golang.org/x/net/http/httpproxy` does: `example.com` stands for itself
/// and every subdomain, `.example.com` and `*.example.com` for the subdomains alone, addresses and
/// CIDR networks for hosts given as an address (names are not looked up), `*` for everything; a
/// port behind a name or an address narrows it. Upper and lower case are the same. What cannot be
/// read is ignored. More generous than Go: blanks separate entries too (as in curl), and `[v6]`
/// needs no port.
class proxy_bypass {
public:
    proxy_bypass() = default;
    explicit proxy_bypass(std::string_view list);

    /// `host` is a name or a literal without brackets.
    bool covers(std::string_view host, std::uint16_t port) const;
    bool covers_everything() const { return everything_; }

private:
    struct network_rule {
        ip_network hosts;
        std::uint16_t port; ///< 0: any
    };
    struct name_rule {
        std::string suffix; ///< lower case, begins with a dot
        bool apex;          ///< also the name without that dot
        std::uint16_t port; ///< 0: any
    };
    void add(std::string_view entry);

    std::vector<network_rule> networks_;
    std::vector<name_rule> names_;
    bool everything_ = false;
};

} // namespace vertex_relay::core
