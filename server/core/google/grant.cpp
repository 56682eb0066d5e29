#include "core/google/grant.hpp"

#include "core/base64.hpp"
#include "core/google/assertion.hpp"
#include "core/google/form.hpp"

#include <utility>

namespace vertex_relay::core::google {
namespace {

constexpr milliseconds metadata_probe_timeout{3'000};

std::unexpected<token_error> cannot_sign(credential const& from, std::string const& why) {
    return std::unexpected(permanent_error(credentials_refused(
        "bad_key",
        "The private_key " + why + " (" + describe(from) + "). Download the key again.")));
}

token_call post_refresh(token_address const& address, secret const& refresh_token) {
    auto text = refresh_token.reveal();
    form fields(text.size());
    fields.add("grant_type", "refresh_token").add("refresh_token", text);
    return post_call(address, form_type, fields.take());
}

struct grant_maker {
    using made = std::expected<grant, token_error>;

    credential const& from;
    seconds now;

    made operator()(authorized_user const& user) const {
        auto secret_text = user.client_secret.reveal();
        auto refresh = user.refresh_token.reveal();
        form fields(user.client_id.size() + secret_text.size() + refresh.size());
        fields.add("grant_type", "refresh_token")
            .add("client_id", user.client_id)
            .add("client_secret", secret_text)
            .add("refresh_token", refresh);
        return post_call(user.address, form_type, fields.take());
    }

    made operator()(service_account const& account) const {
        if (account.mode == account_mode::self_signed) {
            return sign_own_token(from, account, now);
        }
        auto assertion = bearer_assertion(account, now);
        if (!assertion) {
            return cannot_sign(from, assertion.error());
        }
        form fields(assertion->reveal().size());
        fields.add("assertion", assertion->reveal())
            .add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        return post_call(account.address, form_type, fields.take());
    }

    made operator()(metadata_server const& server) const {
        return metadata_call(server,
                             "/computeMetadata/v1/instance/service-accounts/default/token?scopes=" +
                                 percent_encoded(cloud_platform_scope));
    }

    made operator()(workforce_user const& user) const {
        auto call = post_refresh(user.address, user.refresh_token);
        authenticate_client(call, user.client_id, user.client_secret);
        return call;
    }

    template <class Chained>
    made operator()(Chained const&) const {
        return std::unexpected(
            transient_error(credentials_unavailable("The credential needs more than one call.")));
    }
};

} // namespace

std::expected<grant, token_error> make_grant(credential const& from, seconds now) {
    return std::visit(grant_maker{from, now}, from.source);
}

std::expected<access_token, token_error> sign_own_token(credential const& from,
                                                        service_account const& account,
                                                        seconds now) {
    auto token = self_signed_token(account, now);
    if (!token) {
        return cannot_sign(from, token.error());
    }
    return access_token{.value = std::move(*token),
                        .lifetime = assertion_lifetime - assertion_backdate};
}

token_call metadata_call(metadata_server const& server, std::string_view target) {
    auto call = as_metadata_call(get_call({.scheme = "http",
                                           .host = server.host,
                                           .port = server.port,
                                           .target = std::string(target),
                                           .text = {}}));
    call.headers.insert(call.headers.begin(), {"Metadata-Flavor", "Google"});
    if (target == metadata_probe_path) {
        call.timeout = metadata_probe_timeout;
    }
    return call;
}

void authenticate_client(token_call& call, std::string_view id, secret const& password) {
    std::string pair;
    pair.reserve(id.size() + 1 + password.reveal().size()); // no outgrown copy stays behind
    pair.append(id).append(":").append(password.reveal());
    call.secret_headers.emplace_back("Authorization", basic_credentials(secret(std::move(pair))));
}

} // namespace vertex_relay::core::google
