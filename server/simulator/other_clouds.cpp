#include "simulator/other_clouds.hpp"

#include "core/ascii.hpp"
#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

constexpr std::string_view session = "sim-imds-session";

answer plain(int status, std::string text) {
    return {.status = status, .content_type = "text/plain", .body = std::move(text)};
}

answer role_keys(foreign_identity const& known) {
    return {.content_type = "application/json",
            .body = fmt::format(R"({{"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": {}, )"
                                R"("SecretAccessKey": {}, "Token": {}}})",
                                json_string(known.aws_key_id), json_string(known.aws_secret_key),
                                json_string(known.aws_session_token))};
}

answer answer_aws(request const& received, std::string_view path, foreign_identity const& known) {
    if (path == "api/token") {
        bool asked = received.method == "PUT" &&
                     received.find("x-aws-ec2-metadata-token-ttl-seconds").has_value();
        return asked ? plain(200, std::string(session)) : plain(400, "");
    }
    if (received.find("x-aws-ec2-metadata-token") != session || received.method != "GET") {
        return plain(401, "");
    }
    constexpr std::string_view keys = "meta-data/iam/security-credentials";
    if (path == "meta-data/placement/availability-zone") {
        return plain(200, std::string(aws_zone));
    }
    if (path == keys || path == std::string(keys) + "/") {
        return plain(200, std::string(aws_role));
    }
    return path == std::string(keys) + "/" + std::string(aws_role) ? role_keys(known)
                                                                   : plain(404, "");
}

answer answer_azure(request const& received, foreign_identity const& known) {
    bool asked = received.path() == "/metadata/identity/oauth2/token" &&
                 core::ascii::iequals(received.find("metadata").value_or(""), "true");
    if (!asked) {
        return {.status = 400,
                .content_type = "application/json",
                .body = R"({"error":"invalid_request","error_description":"Required metadata )"
                        R"(header not specified"})"};
    }
    return {.content_type = "application/json",
            .body = fmt::format(R"({{"access_token": {}, "expires_in": "86399", )"
                                R"("token_type": "Bearer"}})",
                                json_string(known.subject_token))};
}

} // namespace

std::optional<answer> answer_other_cloud(request const& received, foreign_identity const& known) {
    constexpr std::string_view aws = "/latest/";
    constexpr std::string_view azure = "/metadata/";
    auto path = received.path();
    if (path.starts_with(aws)) {
        return answer_aws(received, path.substr(aws.size()), known);
    }
    if (path.starts_with(azure)) {
        return answer_azure(received, known);
    }
    return std::nullopt;
}

} // namespace vertex_relay::simulator
