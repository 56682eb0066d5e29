#include "core/google/external/aws_search.hpp"

#include "core/ascii.hpp"
#include "core/google/external/plain_search.hpp"
#include "core/google/secret_json.hpp"
#include "core/google/token_answer.hpp"

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view session_header = "X-aws-ec2-metadata-token";
constexpr std::string_view session_lifetime_header = "X-aws-ec2-metadata-token-ttl-seconds";
constexpr std::string_view session_lifetime_seconds = "300";

std::string_view one_line(std::string_view text) {
    text = text.substr(0, text.find_first_of("\r\n"));
    return ascii::trim(text);
}

/// Part of a path or of a scope.
bool is_name(std::string_view text) {
    auto allowed = [](char c) {
        return ascii::is_alnum(c) || std::string_view("-_.+=,@").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, allowed);
}

std::string_view region_variable(environment const& variables) {
    auto region = variables.get("AWS_REGION");
    return region.empty() ? variables.get("AWS_DEFAULT_REGION") : region;
}

} // namespace

bool aws_search::has_keys() const {
    return !keys_.secret_access_key.empty();
}

subject_search::need aws_search::begin() {
    region_ = region_variable(given_.variables);
    auto id = given_.variables.get("AWS_ACCESS_KEY_ID");
    auto key = given_.variables.get("AWS_SECRET_ACCESS_KEY");
    if (!id.empty() && !key.empty()) {
        keys_ = {.access_key_id = std::string(id),
                 .secret_access_key = secret(std::string(key)),
                 .session_token = secret(std::string(given_.variables.get("AWS_SESSION_TOKEN")))};
    }
    bool complete = !region_.empty() && has_keys();
    return source_.session && !complete ? ask(stage::session, *source_.session) : go_on();
}

subject_search::need aws_search::go_on() {
    if (region_.empty()) {
        return source_.region ? ask(stage::zone, *source_.region)
                              : fail("names no region_url, and AWS_REGION is not set");
    }
    if (has_keys()) {
        return finish();
    }
    if (!source_.keys) {
        return fail("names no url, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
    }
    if (role_.empty()) {
        return ask(stage::role, *source_.keys);
    }
    auto below = *source_.keys;
    below.target += (below.target.ends_with('/') ? "" : "/") + role_;
    return ask(stage::keys, below);
}

subject_search::need aws_search::ask(stage what, token_address const& address) {
    stage_ = what;
    auto call = as_metadata_call(get_call(address));
    if (what == stage::session) {
        call.method = "PUT";
        call.headers.emplace_back(session_lifetime_header, session_lifetime_seconds);
    } else if (!session_.empty()) {
        call.secret_headers.emplace_back(session_header, session_.clone());
    }
    return call;
}

subject_search::need aws_search::answered(call_outcome const& outcome) {
    if (outcome && outcome->status == 200) {
        return take(outcome->body.reveal());
    }
    return explain_source_call(
        given_.from, outcome, "The metadata service of AWS",
        stage_ == stage::session
            ? "In a container on EC2 the instance's metadata hop limit must be 2: `aws ec2 "
              "modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2`."
            : "Attach a role to the instance, or set AWS_REGION, AWS_ACCESS_KEY_ID and "
              "AWS_SECRET_ACCESS_KEY.");
}

subject_search::need aws_search::take(std::string_view text) {
    switch (stage_) {
    case stage::session:
        session_ = secret(std::string(one_line(text)));
        return is_token_text(session_.reveal()) ? go_on() : fail("got no session token from IMDS");
    case stage::zone:
        region_ = region_of_zone(one_line(text));
        return is_name(region_) ? go_on() : fail("got no region from IMDS");
    case stage::role:
        role_ = one_line(text);
        return is_name(role_) ? go_on() : fail("got no role from IMDS: attach one to the instance");
    case stage::keys:
        break;
    }
    return take_keys(text);
}

subject_search::need aws_search::take_keys(std::string_view text) {
    secret_json json(text);
    auto id = json.text_or_empty("AccessKeyId");
    auto key = json.text_or_empty("SecretAccessKey");
    if (!is_name(id) || key.empty()) {
        return fail("got no keys from IMDS for the role " + role_);
    }
    keys_ = {.access_key_id = std::string(id),
             .secret_access_key = secret(std::string(key)),
             .session_token = secret(std::string(json.text_or_empty("Token")))};
    return finish();
}

subject_search::need aws_search::finish() {
    return subject_token{.text =
                             signed_caller_identity(given_.account, keys_, region_, given_.now)};
}

token_error aws_search::fail(std::string fault) const {
    return slow_error(credentials_refused("aws_keys", "The credential for AWS " + std::move(fault) +
                                                          ". (" + describe(given_.from) + ")"));
}

} // namespace vertex_relay::core::google
