#include "core/google/grant_chain.hpp"

#include "core/google/credential_file.hpp"
#include "core/google/impersonation.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;

namespace {

constexpr auto iam = "POST https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/";
constexpr auto oauth = "POST https://oauth2.googleapis.com/token";

std::string impersonated_file(std::string const& account, std::string const& source,
                              std::string const& more = "") {
    return R"({"type":"impersonated_service_account","service_account_impersonation_url":)"
           R"("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/)" +
           account + R"(:generateAccessToken","quota_project_id":"qp","source_credentials":)" +
           source + more + "}";
}

credential parsed(std::string const& text) {
    auto found = parse_credential(text, "/adc.json", {});
    if (!found) {
        FAIL(found.error().failure.message);
    }
    return std::move(*found);
}

bool is_iam(token_call const& call) {
    return call.host == "iamcredentials.googleapis.com";
}

/// Every server issues a token that says which one it is.
call_outcome obliging(token_call const& call) {
    return is_iam(call) ? iam_answer("imp-fake") : token_answer("ya29.fake-access");
}

std::string text_of(std::expected<access_token, token_error> const& token) {
    return token ? std::string(token->value.reveal()) : token.error().failure.code;
}

} // namespace

TEST_CASE("a simple credential is one call", "[google][grant_chain]") {
    chain_rig rig(user_credential());
    rig.server = obliging;
    auto token = rig.run();
    CHECK(text_of(token) == "ya29.fake-access");
    CHECK(token->lifetime == seconds{3599});
    CHECK(rig.seen == std::vector<std::string>{oauth});
    REQUIRE(rig.steps.size() == 1);
    CHECK(rig.steps[0].place == "https://oauth2.googleapis.com/token");
    CHECK(rig.steps[0].result == "status 200");
}

TEST_CASE("a login that acts as a service account", "[google][grant_chain]") {
    chain_rig rig(parsed(impersonated_file("target@example.com", user_file(),
                                           R"(,"delegates":["d1@p.iam.gserviceaccount.com"])")));
    CHECK(rig.from.quota_project == "qp");
    CHECK(describe(rig.from) == "authorized_user from /adc.json, acting as target@example.com");
    rig.server = obliging;
    auto token = rig.run();
    CHECK(text_of(token) == "imp-fake");
    CHECK(token->lifetime == seconds{3600});
    REQUIRE(rig.seen == std::vector<std::string>{
                            oauth, std::string(iam) + "target@example.com:generateAccessToken"});
    CHECK(rig.bodies[0] == "grant_type=refresh_token&client_id=123&client_secret=secret&"
                           "refresh_token=alabalaportocala");
    CHECK(rig.authorizations[1] == "Bearer ya29.fake-access");
    CHECK_THAT(rig.bodies[1], Contains("projects/-/serviceAccounts/d1@p.iam"));
}

TEST_CASE("the source's token is kept for the next renewal", "[google][grant_chain]") {
    chain_rig rig(parsed(impersonated_file("t@e.x", user_file())));
    rig.server = obliging;
    REQUIRE(text_of(rig.run()) == "imp-fake");
    rig.seen.clear();

    SECTION("while it is good the renewal is one call") {
        rig.now = rig.now.after(seconds{3000});
        REQUIRE(rig.run());
        CHECK(rig.seen == std::vector<std::string>{std::string(iam) + "t@e.x:generateAccessToken"});
        CHECK(rig.authorizations.back() == "Bearer ya29.fake-access");
    }
    SECTION("in its last minute a new one is got") {
        rig.now = rig.now.after(seconds{3599 - 60});
        REQUIRE(rig.run());
        CHECK(rig.seen.size() == 2);
    }
    SECTION("either clock ends it") {
        bool boot = GENERATE(true, false);
        (boot ? rig.now.boot : rig.now.wall) += seconds{3599};
        CHECK(text_of(rig.run()) == "imp-fake");
        CHECK(rig.seen.size() == 2);
    }
    SECTION("if IAM refuses it, the chain begins anew, once") {
        int status = GENERATE(401, 403);
        int refusals = 0;
        rig.server = [&](token_call const& call) -> call_outcome {
            if (is_iam(call) && ++refusals == 1) {
                return answer(status, "");
            }
            return obliging(call);
        };
        CHECK(text_of(rig.run()) == "imp-fake");
        CHECK(rig.seen.size() == 3);
        CHECK(rig.seen[1] == oauth);
        rig.seen.clear();
        refusals = -10; // for ever
        rig.server = [&](token_call const& call) -> call_outcome {
            return is_iam(call) ? answer(status, "") : obliging(call);
        };
        CHECK(rig.run().error().kind == failure_class::slow);
        CHECK(rig.seen.size() == 3);
    }
    SECTION("an outage of IAM does not lose it") {
        rig.server = [](token_call const&) -> call_outcome { return answer(503, ""); };
        CHECK(rig.run().error().kind == failure_class::transient);
        CHECK(rig.run().error().kind == failure_class::transient);
        CHECK(rig.seen ==
              std::vector<std::string>(2, std::string(iam) + "t@e.x:generateAccessToken"));
    }
}

TEST_CASE("service accounts nest, up to three in a file", "[google][grant_chain]") {
    auto two = impersonated_file("b@e.x", impersonated_file("a@e.x", account_file()));
    auto three = impersonated_file("c@e.x", two);
    chain_rig rig(parsed(three));
    CHECK(rig.from.project.empty()); // of the key, not of the account acted as
    int issued = 0;
    rig.server = [&](token_call const& call) -> call_outcome {
        return is_iam(call) ? iam_answer("imp-" + std::to_string(++issued)) : obliging(call);
    };
    CHECK(text_of(rig.run()) == "imp-3");
    REQUIRE(rig.seen.size() == 4);
    CHECK_THAT(rig.seen[1], Contains("a@e.x"));
    CHECK_THAT(rig.seen[2], Contains("b@e.x"));
    CHECK_THAT(rig.seen[3], Contains("c@e.x"));
    CHECK(rig.authorizations[2] == "Bearer imp-1");
    CHECK(rig.authorizations[3] == "Bearer imp-2");
    CHECK(acting_account(rig.from) == "c@e.x");

    rig.seen.clear();
    REQUIRE(rig.run()); // all but the last are kept
    CHECK(rig.seen.size() == 1);
    CHECK(rig.authorizations.back() == "Bearer imp-2");

    auto four = parse_credential(impersonated_file("d@e.x", three), "/adc.json", {});
    REQUIRE_FALSE(four);
    CHECK(four.error().failure.code == "google_credentials_bad_file");
}

TEST_CASE("a chain may fail at every step", "[google][grant_chain]") {
    auto failing = GENERATE(0, 1, 2);
    auto how = GENERATE(0, 1, 2);
    chain_rig rig(parsed(impersonated_file("b@e.x", impersonated_file("a@e.x", user_file()))));
    int calls = 0;
    rig.server = [&](token_call const& call) -> call_outcome {
        if (calls++ != failing) {
            return obliging(call);
        }
        if (how == 0) {
            return std::unexpected(call_failure{call_fault::timed_out, "no answer in time"});
        }
        return how == 1 ? answer(503, "") : answer(200, "<html>");
    };
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(calls == failing + 1);
    CHECK(token.error().kind == failure_class::transient);
    CHECK(token.error().failure.status == 503);
    CHECK_THAT(token.error().failure.message, Contains("/adc.json"));

    CHECK(rig.run()); // the next one goes on where it can
    CHECK(calls == 4);
}

TEST_CASE("a rotated refresh token survives a failure behind it", "[google][grant_chain]") {
    chain_rig rig(parsed(impersonated_file("t@e.x", user_file())));
    rig.server = [](token_call const& call) -> call_outcome {
        if (is_iam(call)) {
            return answer(403, "");
        }
        return answer(200, R"({"access_token":"t","expires_in":99,"refresh_token":"rotated"})");
    };
    CHECK_FALSE(rig.run());
    CHECK(std::get<authorized_user>(rig.from.source).refresh_token.reveal() == "rotated");
}

TEST_CASE("the servers' clock is learnt on the way", "[google][grant_chain]") {
    chain_rig rig(parsed(impersonated_file("t@e.x", account_file())));
    rig.server = [](token_call const& call) -> call_outcome {
        auto response = obliging(call);
        response->headers.emplace_back("Date", "Fri, 02 Jan 2026 03:04:05 GMT");
        return response;
    };
    rig.now.wall -= std::chrono::hours(2);
    auto token = rig.run();
    REQUIRE(token);
    CHECK(rig.clock.offset == std::chrono::hours(2));
    CHECK(token->lifetime == seconds{3600}); // of an absolute expireTime
}

TEST_CASE("a key can sign for itself", "[google][grant_chain]") {
    auto of_mode = [](account_mode mode) {
        auto found = parse_credential(account_file(), "/sa.json", {.service_accounts = mode});
        REQUIRE(found);
        return chain_rig(std::move(*found));
    };
    SECTION("when it is told to, nobody is asked") {
        auto rig = of_mode(account_mode::self_signed);
        auto token = rig.run();
        REQUIRE(token);
        CHECK(rig.seen.empty());
        CHECK(token->lifetime == seconds{3590});
        CHECK(std::ranges::count(token->value.reveal(), '.') == 2);
    }
    SECTION("as a makeshift while the token server is out of reach") {
        auto rig = of_mode(account_mode::automatic);
        auto token = rig.run();
        REQUIRE(token);
        CHECK(rig.seen.size() == 1);
        CHECK_THAT(token->note, Contains("self-signed") && Contains("Connection refused"));
        CHECK(std::ranges::count(token->value.reveal(), '.') == 2);
        rig.server = [](token_call const&) -> call_outcome { return answer(503, ""); };
        CHECK(rig.run());
        rig.server = obliging;
        CHECK(text_of(rig.run()) == "ya29.fake-access");
    }
    SECTION("not while another token is still good") {
        auto rig = of_mode(account_mode::automatic);
        rig.token_left = true;
        CHECK(rig.run().error().kind == failure_class::transient);
    }
    SECTION("not for a key that Google refuses") {
        auto rig = of_mode(account_mode::automatic);
        rig.server = [](token_call const&) -> call_outcome {
            return answer(400, R"({"error":"invalid_grant"})");
        };
        CHECK(text_of(rig.run()) == "google_credentials_key_invalid");
    }
    SECTION("not by default") {
        auto rig = of_mode(account_mode::exchange);
        CHECK(rig.run().error().kind == failure_class::transient);
    }
    SECTION("its signature can act as somebody") {
        auto rig = of_mode(account_mode::self_signed);
        impersonate(rig.from, "t@e.x");
        rig.server = obliging;
        CHECK(text_of(rig.run()) == "imp-fake");
        CHECK(rig.seen.size() == 1);
    }
}

TEST_CASE("outcomes nobody asked for change nothing", "[google][grant_chain]") {
    chain_rig rig(user_credential());
    grant_chain chain(
        {.from = rig.from, .kept = rig.kept, .clock = rig.clock, .variables = rig.variables},
        rig.now);
    chain.file_read({.what = file_outcome::kind::not_found}, rig.now);
    chain.program_ended({}, rig.now);
    CHECK(std::holds_alternative<token_call>(chain.next()));
    CHECK(chain.take().error().kind == failure_class::transient);
    chain.answered(token_answer("t"), rig.now);
    chain.answered(token_answer("other"), rig.now);
    CHECK(text_of(chain.take()) == "t");
    CHECK_FALSE(chain.take()); // once
}
