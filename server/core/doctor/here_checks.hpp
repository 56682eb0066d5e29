#pragma once
// What this machine and the configuration say: files read, the way out, addresses to listen on.

#include "core/config/listen_address.hpp"
#include "core/config/load.hpp"
#include "core/doctor/check.hpp"

#include <span>

namespace vertex_relay::core::doctor {

/// `files`: those that were read; `faults`: what is wrong in them, in variables and in flags.
check configuration_check(loaded_config const& loaded, std::span<std::string const> files,
                          std::span<std::string const> faults);

/// How Google is reached.
struct network_facts {
    std::string proxy;       ///< `proxy_rules::text`; empty: none
    std::string ca_file;     ///< `upstream.ca_file`
    std::string ca_variable; ///< the value of SSL_CERT_FILE
    std::string fault = {};  ///< why the proxy variables cannot be used; empty: they can
};

check network_check(network_facts const& facts);

/// Who has an address that one may want to listen on.
enum class address_use : unsigned char {
    free,
    relay,   ///< a vertex-relay that is running
    other,   ///< another program
    missing, ///< this host lacks the address
    refused, ///< the system says no
};

struct address_facts {
    listen_address address;
    std::string_view setting; ///< the flag that changes it
    bool optional = false;    ///< a default address, skipped if the host lacks it
    address_use use = address_use::free;
    std::string reason = {};  ///< the system's text with `refused`
};

/// A running relay on it is well.
check listener_check(address_facts const& facts);

/// What a running relay said to a client that asks for the list of models.
struct client_facts {
    listen_address address;
    std::string key_file; ///< whose key was sent; empty: none was
    int status = 0;       ///< 0: no answer
};

check client_check(client_facts const& facts);

/// For an address in use, as a sentence: who holds it and what to do. Empty for the other uses.
std::string explain_holder(listen_address const& address, address_use use);

} // namespace vertex_relay::core::doctor
