#include "core/google/credential.hpp"

namespace vertex_relay::core::google {
namespace {

struct type_names {
    std::string_view operator()(authorized_user const&) const { return "authorized_user"; }
    std::string_view operator()(service_account const&) const { return "service_account"; }
    std::string_view operator()(metadata_server const&) const { return "metadata server"; }
};

} // namespace

std::string_view type_name(credential const& from) {
    return std::visit(type_names{}, from.source);
}

std::string describe(credential const& from) {
    std::string text(type_name(from));
    if (auto const* server = std::get_if<metadata_server>(&from.source)) {
        text += " " + server->host + ":" + std::to_string(server->port);
    } else {
        text += " from " + from.origin;
    }
    if (!from.account.empty()) {
        text += ", account " + from.account;
    }
    return text;
}

void keep_rotated(credential& of, secret refresh_token) {
    auto* user = std::get_if<authorized_user>(&of.source);
    if (user != nullptr && !refresh_token.empty()) {
        user->refresh_token = std::move(refresh_token);
    }
}

} // namespace vertex_relay::core::google
