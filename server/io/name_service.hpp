#pragma once
// Who is asked for the addresses of a name.

#include "io/socket_address.hpp"

#include <expected>
#include <functional>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// At least one address, in order of preference; the error is a few words.
using name_answer = std::expected<std::vector<socket_address>, std::string>;
using tell_answer = std::function<void(name_answer)>;

/// Asks without waiting. `tell` is called once, from any thread and however late: it must not
/// assume that the asker still exists. Replaced in tests.
using name_service =
    std::function<void(std::string const& host, std::uint16_t port, tell_answer tell)>;

/// getaddrinfo, which knows the hosts file and the machine's name servers and orders addresses by
/// RFC 6724. It cannot be cancelled and may hang for as long as resolv.conf allows, so that each
/// question has a thread of its own: neither other names nor the end of the process wait for it, as
/// they would behind Asio's resolver, whose one thread the loop joins.
void ask_system(std::string const& host, std::uint16_t port, tell_answer tell);

} // namespace vertex_relay::io
