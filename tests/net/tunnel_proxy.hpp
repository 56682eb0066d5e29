#pragma once
// A CONNECT proxy on loopback that keeps all it sees. Whatever name it is asked for, it leads to
// one port, as a proxy does that knows names the relay cannot resolve.

#include "core/egress/proxy_rules.hpp"
#include "net/scripted_origin.hpp"

#include <mutex>
#include <string>
#include <vector>

namespace vertex_relay::tests {

struct proxy_behaviour {
    std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n";
    bool byte_by_byte = false;
    bool hold = false; ///< keeps the connection after the answer and does nothing more
    scripted_origin::wire wire = scripted_origin::wire::plain;
};

class tunnel_proxy {
public:
    /// With a `target` of 0 every connection is closed behind the answer.
    explicit tunnel_proxy(std::uint16_t target, proxy_behaviour behaviour = {});

    /// `http://127.0.0.1:PORT` or https, with `userinfo` such as `user:password@`.
    std::string url(std::string const& userinfo = {}) const;
    /// HTTPS_PROXY with that URL, and NO_PROXY.
    core::google::environment variables(std::string const& no_proxy = {}) const;
    core::proxy_rules rules(std::string const& no_proxy = {}) const;

    /// The heads of all requests.
    std::vector<std::string> requests() const;
    /// Everything that went through tunnels, in both directions.
    std::string traffic() const;
    std::string const& ca_pem() const { return origin_.ca_pem(); } ///< of an https:// proxy
    std::uint16_t port() const { return origin_.port(); }
    /// Ends all tunnels; new ones can be opened.
    void break_tunnels();

private:
    void serve(origin_line& line);
    void lead(origin_line& line);

    std::uint16_t target_;
    proxy_behaviour behaviour_;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;
    std::string traffic_;
    std::list<int> targets_; ///< sockets of open tunnels
    scripted_origin origin_; ///< last: it uses the rest
};

} // namespace vertex_relay::tests
