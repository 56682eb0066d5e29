#include "core/ascii.hpp"
#include "core/config/grammar.hpp"
#include "core/google/discovery.hpp"

namespace vertex_relay::core::google {
std::expected<metadata_server, token_error> find_metadata_server(environment const& variables,
                                                                 std::string_view product_name) {
    metadata_server server;
    server.assumed = product_name.starts_with("Google");
    for (std::string_view name : {"GCE_METADATA_HOST", "GCE_METADATA_ROOT"}) {
        auto value = variables.get(name);
        if (value.empty()) {
            continue;
        }
        auto parts = grammar::split_host_port(value);
        if (!parts) {
            return std::unexpected(permanent_error(credentials_refused(
                "bad_setting", std::string(name) + "=" + quoted_text(value) +
                                   " must be host or host:port, without scheme or path.")));
        }
        server.host = ascii::to_lower(parts->host);
        server.port = ascii::parse_decimal<std::uint16_t>(parts->port).value_or(80);
        server.assumed = true;
        break;
    }
    return server;
}

} // namespace vertex_relay::core::google
