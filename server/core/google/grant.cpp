#include "core/google/grant.hpp"

#include "core/ascii.hpp"
#include "core/google/assertion.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr milliseconds connect_timeout{5'000};
constexpr milliseconds call_timeout{10'000};
constexpr milliseconds metadata_connect_timeout{1'000};
constexpr milliseconds metadata_timeout{5'000};
constexpr milliseconds metadata_probe_timeout{3'000};
constexpr std::string_view user_agent = "vertex-relay/" RELAY_VERSION;

/// One `name=value` after another in a buffer that never leaves copies behind.
class form {
public:
    explicit form(std::size_t bytes_expected) { text_.reserve(3 * bytes_expected + 256); }

    form& add(std::string_view name, std::string_view value) {
        text_ += text_.empty() ? "" : "&";
        text_ += name;
        text_ += '=';
        append_percent_encoded(text_, value);
        return *this;
    }
    secret take() { return secret(std::move(text_)); }

    static void append_percent_encoded(std::string& out, std::string_view text) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        for (char c : text) {
            if (ascii::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
                out += c;
            } else {
                auto byte = static_cast<unsigned char>(c);
                out += '%';
                out += digits[byte >> 4U];
                out += digits[byte & 15U];
            }
        }
    }

private:
    std::string text_;
};

token_call post_form(token_address const& address, secret body) {
    return {.scheme = address.scheme,
            .host = address.host,
            .port = address.port,
            .method = "POST",
            .target = address.target,
            .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                        {"Accept", "application/json"},
                        {"User-Agent", std::string(user_agent)}},
            .body = std::move(body),
            .connect_timeout = connect_timeout,
            .timeout = call_timeout};
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
        return post_form(user.address, fields.take());
    }

    made operator()(service_account const& account) const {
        // Token servers exist in the default universe only; elsewhere the signature is the token.
        bool exchange = from.universe_domain == default_universe;
        auto assertion =
            exchange ? bearer_assertion(account, now) : self_signed_token(account, now);
        if (!assertion) {
            return std::unexpected(permanent_error(credentials_refused(
                "bad_key", "The private_key " + assertion.error() + " (" + describe(from) +
                               "). Download the key again.")));
        }
        if (!exchange) {
            return access_token{.value = std::move(*assertion),
                                .lifetime = assertion_lifetime - assertion_backdate};
        }
        form fields(assertion->reveal().size());
        fields.add("assertion", assertion->reveal())
            .add("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
        return post_form(account.address, fields.take());
    }

    made operator()(metadata_server const& server) const {
        return metadata_call(server,
                             "/computeMetadata/v1/instance/service-accounts/default/token?scopes=" +
                                 percent_encoded(cloud_platform_scope));
    }
};

} // namespace

std::expected<grant, token_error> make_grant(credential const& from, seconds now) {
    return std::visit(grant_maker{from, now}, from.source);
}

token_call metadata_call(metadata_server const& server, std::string_view target) {
    return {.scheme = "http",
            .host = server.host,
            .port = server.port,
            .method = "GET",
            .target = std::string(target),
            .headers = {{"Metadata-Flavor", "Google"}, {"User-Agent", std::string(user_agent)}},
            .body = {},
            .connect_timeout = metadata_connect_timeout,
            .timeout = target == metadata_probe_path ? metadata_probe_timeout : metadata_timeout,
            .direct = true};
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    form::append_percent_encoded(out, text);
    return out;
}

} // namespace vertex_relay::core::google
