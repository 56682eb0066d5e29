#include "core/google/credential.hpp"

namespace vertex_relay::core::google {
namespace {

struct type_names {
    std::string_view operator()(authorized_user const&) const { return "authorized_user"; }
    std::string_view operator()(service_account const&) const { return "service_account"; }
    std::string_view operator()(metadata_server const&) const { return "metadata server"; }
    std::string_view operator()(external_account const&) const { return "external_account"; }
    std::string_view operator()(workforce_user const&) const {
        return "external_account_authorized_user";
    }
    std::string_view operator()(gcloud_login const&) const { return "gcloud login"; }
};

} // namespace

std::string_view type_name(credential const& from) {
    return std::visit(type_names{}, from.source);
}

bool signs_own_tokens(credential const& from) {
    auto const* account = std::get_if<service_account>(&from.source);
    return account != nullptr && account->mode == account_mode::self_signed;
}

std::string describe(credential const& from) {
    std::string text(type_name(from));
    if (auto const* server = std::get_if<metadata_server>(&from.source)) {
        text += " " + server->host + ":" + std::to_string(server->port);
    } else if (!std::holds_alternative<gcloud_login>(from.source)) {
        text += " from " + from.origin;
    }
    if (!from.account.empty()) {
        text += ", account " + from.account;
    }
    if (signs_own_tokens(from)) {
        text += ", signing its own tokens";
    }
    for (auto const& step : from.acts_as) {
        text += ", acting as " + step.account;
    }
    return text;
}

std::string const& acting_account(credential const& from) {
    return from.acts_as.empty() ? from.account : from.acts_as.back().account;
}

void keep_rotated(credential& of, secret refresh_token) {
    if (refresh_token.empty()) {
        return;
    }
    if (auto* user = std::get_if<authorized_user>(&of.source)) {
        user->refresh_token = std::move(refresh_token);
    } else if (auto* worker = std::get_if<workforce_user>(&of.source)) {
        worker->refresh_token = std::move(refresh_token);
    }
}

} // namespace vertex_relay::core::google
