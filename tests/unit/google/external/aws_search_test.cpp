#include "core/google/external/aws_search.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/external/external_samples.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr auto source =
    R"({"environment_id":"aws1","region_url":"http://169.254.169.254/imds/az","url":)"
    R"("http://169.254.169.254/imds/creds","regional_cred_verification_url":)"
    R"("https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",)"
    R"("imdsv2_session_token_url":"http://169.254.169.254/imds/token"})";

environment::variables keys_in_variables() {
    return {{"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"},
            {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}};
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// The signed request inside the body of an exchange, as JSON.
std::string subject_in(std::string const& body) {
    auto at = body.find("subject_token=") + 14;
    return percent_decoded(percent_decoded(body.substr(at, body.find('&', at) - at)));
}

/// The metadata service of an instance, and Google's servers.
call_outcome obliging(token_call const& call) {
    if (call.host != "169.254.169.254") {
        return token_answer("sts-fake", 3600);
    }
    return call.target == "/imds/token" ? answer(200, "imdsv2tok")
           : call.target == "/imds/az"  ? answer(200, "us-east-2b")
           : call.target == "/imds/creds"
               ? answer(200, "gcp-aws-role")
               : answer(200, R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":)"
                             R"("AKIAIOSFODNN7EXAMPLE","SecretAccessKey":)"
                             R"("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY","Token":)"
                             R"("SESSIONTOKEN"})");
}

} // namespace

TEST_CASE("keys in variables need no metadata service", "[google][aws]") {
    auto name = GENERATE(as<std::string>{}, "AWS_REGION", "AWS_DEFAULT_REGION");
    chain_rig rig(external_credential(source));
    auto variables = keys_in_variables();
    variables[name] = "us-east-2";
    rig.variables = environment(variables);
    rig.server = obliging;
    REQUIRE(rig.run());
    REQUIRE(rig.seen == std::vector<std::string>{"POST https://sts.googleapis.com/v1/token"});
    auto json = subject_in(rig.bodies[0]);
    auto signature = json.find("Signature=");
    REQUIRE(signature != std::string::npos);
    json.erase(signature + 10, 64);
    CHECK(json ==
          R"({"headers":[{"key":"Authorization","value":"AWS4-HMAC-SHA256 Credential=)"
          R"(AKIAIOSFODNN7EXAMPLE/20260102/us-east-2/sts/aws4_request, SignedHeaders=)"
          R"(host;x-amz-date;x-goog-cloud-target-resource, Signature="},{"key":"host","value":)"
          R"("sts.us-east-2.amazonaws.com"},{"key":"x-amz-date","value":"20260102T030405Z"},)"
          R"({"key":"x-goog-cloud-target-resource","value":")" +
              std::string(pool_audience) +
              R"("}],"method":"POST","url":"https://sts.us-east-2.amazonaws.com?Action=)"
              R"(GetCallerIdentity&Version=2011-06-15"})");
}

TEST_CASE("an instance is asked for all that no variable says", "[google][aws]") {
    chain_rig rig(external_credential(source));
    rig.server = [](token_call const& call) -> call_outcome {
        if (call.host == "169.254.169.254") {
            CHECK(call.direct);
            CHECK(call.timeout == milliseconds{5000});
            bool first = call.target == "/imds/token";
            CHECK(call.method == (first ? "PUT" : "GET"));
            CHECK(header_of(call, "X-aws-ec2-metadata-token-ttl-seconds") == (first ? "300" : ""));
            CHECK(header_of(call, "X-aws-ec2-metadata-token") == (first ? "" : "imdsv2tok"));
        }
        return obliging(call);
    };
    REQUIRE(rig.run());
    CHECK(rig.seen == std::vector<std::string>{"PUT http://169.254.169.254/imds/token",
                                               "GET http://169.254.169.254/imds/az",
                                               "GET http://169.254.169.254/imds/creds",
                                               "GET http://169.254.169.254/imds/creds/gcp-aws-role",
                                               "POST https://sts.googleapis.com/v1/token"});
    auto json = subject_in(rig.bodies[4]);
    CHECK_THAT(json, Contains(R"({"key":"x-amz-security-token","value":"SESSIONTOKEN"})") &&
                         Contains("SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog") &&
                         Contains("/us-east-2/sts/aws4_request"));
}

TEST_CASE("only what is missing is asked for", "[google][aws]") {
    auto variables = keys_in_variables();
    SECTION("the region") {
        chain_rig rig(external_credential(source));
        rig.variables = environment(variables);
        rig.server = obliging;
        REQUIRE(rig.run());
        CHECK(rig.seen.size() == 3);
        CHECK(rig.seen[1] == "GET http://169.254.169.254/imds/az");
    }
    SECTION("the keys, without IMDSv2") {
        chain_rig rig(external_credential(
            R"({"environment_id":"aws1","url":"http://169.254.169.254/imds/creds/",)"
            R"("regional_cred_verification_url":"https://sts.{region}.amazonaws.com"})"));
        rig.variables = environment({{"AWS_REGION", "eu-west-1"}});
        rig.server = obliging;
        rig.server = [](token_call const& call) -> call_outcome {
            return call.target == "/imds/creds/" ? answer(200, "role\n") : obliging(call);
        };
        REQUIRE(rig.run());
        CHECK(rig.seen.size() == 3);
        CHECK(rig.seen[1] == "GET http://169.254.169.254/imds/creds/role");
    }
    SECTION("half a pair of keys is none") {
        variables.erase("AWS_SECRET_ACCESS_KEY");
        variables["AWS_REGION"] = "eu-west-1";
        chain_rig rig(external_credential(source));
        rig.variables = environment(variables);
        rig.server = obliging;
        REQUIRE(rig.run());
        CHECK(rig.seen.size() == 4);
    }
    SECTION("a file that says nothing needs the variables") {
        chain_rig rig(external_credential(
            R"({"environment_id":"aws1","regional_cred_verification_url":"https://h"})"));
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK_THAT(token.error().failure.message, Contains("AWS_REGION"));
        rig.variables = environment({{"AWS_REGION", "eu-west-1"}});
        CHECK_THAT(rig.run().error().failure.message, Contains("AWS_ACCESS_KEY_ID"));
    }
}

TEST_CASE("an instance may fail at every step", "[google][aws]") {
    auto failing = GENERATE(as<std::string>{}, "/imds/token", "/imds/az", "/imds/creds",
                            "/imds/creds/gcp-aws-role");
    auto how = GENERATE(0, 1, 2, 3);
    CAPTURE(failing, how);
    chain_rig rig(external_credential(source));
    rig.server = [&](token_call const& call) -> call_outcome {
        if (call.target != failing) {
            return obliging(call);
        }
        if (how == 0) {
            return std::unexpected(call_failure{call_fault::timed_out, "no answer in time"});
        }
        return how == 1 ? answer(404, "") : how == 2 ? answer(503, "") : answer(200, "");
    };
    auto token = rig.run();
    REQUIRE_FALSE(token);
    auto passing = how == 0 || how == 2;
    CHECK(token.error().kind == (passing ? failure_class::transient : failure_class::slow));
    if (failing == "/imds/token" && how < 3) {
        CHECK_THAT(token.error().failure.message, Contains("--http-put-response-hop-limit 2"));
    }
    CHECK_THAT(rig.seen.back(), Contains(failing)); // nothing was asked after it
}

TEST_CASE("a region is a zone without its letter", "[google][aws]") {
    CHECK(region_of_zone("us-east-1b") == "us-east-1");
    CHECK(region_of_zone("us-east-1") == "us-east-1");
    CHECK(region_of_zone("ap-southeast-10a") == "ap-southeast-10");
    CHECK(region_of_zone("us-west-2-lax-1a") == "us-west-2-lax-1");
    CHECK(region_of_zone("").empty());
}

TEST_CASE("the signature is dated by Google's clock once it is known", "[google][aws]") {
    chain_rig rig(external_credential(source));
    auto variables = keys_in_variables();
    variables["AWS_REGION"] = "us-east-2";
    rig.variables = environment(variables);
    rig.now.wall += std::chrono::hours(1); // ours is an hour ahead
    rig.server = [](token_call const& call) -> call_outcome {
        auto subject = subject_in(std::string(call.body.reveal()));
        bool right = subject.find("20260102T030405Z") != std::string::npos;
        auto response =
            right ? token_answer("sts-fake") : answer(400, R"({"error":"invalid_grant"})");
        response.headers.emplace_back("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
        return response;
    };
    CHECK(rig.run());
    CHECK(rig.seen.size() == 2);
    CHECK(aws_time(seconds{0}) == "19700101T000000Z");
}
