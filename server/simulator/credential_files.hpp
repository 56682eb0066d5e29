#pragma once
// A credential file of every type Google's libraries know, good for this simulator.

#include "simulator/foreign_identity.hpp"
#include "simulator/token_endpoint.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

/// Where the simulator can be reached, and where its files lie.
struct places {
    std::string base;     ///< `https://127.0.0.1:PORT`
    std::string metadata; ///< `http://127.0.0.1:PORT`
    std::filesystem::path dir;
};

struct credential_text {
    std::string_view name; ///< of the file
    std::string text;
};

std::string authorized_user_file(registered_clients const& clients);
std::string service_account_file(registered_clients const& clients);

/// All others: `impersonated.json`, `workforce.json`, `wif-file.json`, `wif-url.json`,
/// `wif-aws.json`, `wif-x509.json`, `wif-executable.json`, and what they refer to.
std::vector<credential_text> federated_files(registered_clients const& clients,
                                             foreign_identity const& known, places const& at);

} // namespace vertex_relay::simulator
