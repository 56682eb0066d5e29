#include "simulator/metadata.hpp"

#include "simulator/certificate.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

answer plain(int status, std::string text) {
    return {.status = status,
            .content_type = "application/text",
            .extra_headers = "Metadata-Flavor: Google\r\n",
            .body = std::move(text)};
}

answer document(std::string text) {
    return {.content_type = "application/json",
            .extra_headers = "Metadata-Flavor: Google\r\n",
            .body = std::move(text)};
}

} // namespace

answer metadata_server::token(grant_terms terms) {
    seen_.count(seen_.metadata_tokens, "token granted");
    constexpr std::chrono::seconds renewed_before{300};
    bool known = !token_.empty() &&
                 tokens_.judge("Bearer " + token_, terms.now) == bearer::good;
    if (!known || expiry_ - terms.now <= renewed_before) {
        token_ = tokens_.issue(terms.now, terms.lifetime);
        expiry_ = terms.now + terms.lifetime;
    }
    return document(fmt::format(R"({{"access_token":{},"expires_in":{},"token_type":"Bearer"}})",
                                json_string(token_), (expiry_ - terms.now).count()));
}

answer metadata_server::reply(request const& received, grant_terms terms) {
    auto path = received.path();
    if (path == "/") {
        return plain(200, "0.1/\ncomputeMetadata/\n");
    }
    if (received.find("metadata-flavor").value_or("") != "Google") {
        return plain(403, "Missing Metadata-Flavor:Google header.\n");
    }
    if (received.find("x-forwarded-for")) {
        return plain(403, "Request is forwarded.\n");
    }
    if (received.method != "GET") {
        return plain(405, "Method not allowed.\n");
    }
    constexpr std::string_view root = "/computeMetadata/v1/";
    if (!path.starts_with(root)) {
        return plain(404, "Not found.\n");
    }
    path.remove_prefix(root.size());
    auto email = fmt::format("simulator@{}.iam.gserviceaccount.com", project_);
    if (path == "instance/service-accounts/default/token") {
        return token(terms);
    }
    if (path == "instance/service-accounts/default/") {
        return document(fmt::format(
            R"({{"aliases":["default"],"email":{},"scopes":[)"
            R"("https://www.googleapis.com/auth/cloud-platform"]}})",
            json_string(email)));
    }
    if (path == "instance/service-accounts/default/email") {
        return plain(200, email);
    }
    if (path == "project/project-id") {
        return plain(200, project_);
    }
    if (path == "project/numeric-project-id") {
        return plain(200, std::string(project_number));
    }
    if (path == "universe/universe-domain") {
        return plain(200, "googleapis.com");
    }
    return plain(404, "Not found.\n");
}

} // namespace vertex_relay::simulator
