#include "core/google/external/executable_search.hpp"

#include "unit/google/chain_rig.hpp"
#include "unit/google/external/external_samples.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core;
using namespace vertex_relay::core::google;
using namespace vertex_relay::test;
using Catch::Matchers::Contains;
using answer_kind = executable_answer::kind;

namespace {

constexpr auto type = "urn:ietf:params:oauth:token-type:";

/// `members` may hold `@N`: N seconds from now.
std::string document(std::string members) {
    if (auto at = members.find('@'); at != std::string::npos) {
        auto end = members.find_first_of(",}", at);
        auto offset = std::stoi(members.substr(at + 1, end - at - 1));
        members.replace(at, end - at, std::to_string(captured_at.count() + offset));
    }
    return "{" + members + "}";
}

std::string good_document(std::string const& token = "EXE_SUBJECT_TOKEN") {
    return document(R"("version":1,"success":true,"expiration_time":@3600,"token_type":")" +
                    std::string(type) + R"(jwt","id_token":")" + token + R"(")");
}

program_outcome printed(std::string text, std::string errors = "") {
    return {.what = program_outcome::kind::exited,
            .status = 0,
            .output = secret(std::move(text)),
            .errors = std::move(errors)};
}

chain_rig allowed(std::string_view source, std::string const& more = "") {
    chain_rig rig(external_credential(source, more));
    rig.variables = environment({{"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1"}});
    rig.server = [](token_call const& call) -> call_outcome {
        return call.host.starts_with("sts.") ? token_answer("sts-fake") : iam_answer("imp-fake");
    };
    return rig;
}

constexpr auto plain_source = R"({"executable":{"command":"/bin/exe --flag 'a b'"}})";
constexpr auto cached_source = R"({"executable":{"command":"/bin/exe","output_file":"/out"}})";

} // namespace

TEST_CASE("a program's failures are told apart", "[google][external]") {
    struct row {
        std::string members, says;
        answer_kind kind = answer_kind::malformed;
    };
    auto sample = GENERATE(values<row>({
        {R"("success":true)", "\"version\""},
        {R"("version":1)", "\"success\""},
        {R"("success":false,"version":1,"code":"404","message":"Token Not Found")",
         "404, Token Not Found", answer_kind::refused},
        {R"("success":false,"version":1,"message":"Token Not Found")", "not why"},
        {R"("success":false,"version":1,"code":"404")", "not why"},
        {R"("success":false,"version":1)", "not why"},
        {R"("success":true,"version":2)", "version 2"},
        {R"("success":true,"version":0)", "version 0"},
        {R"("success":true,"version":"1")", "\"version\""},
        {R"("success":true,"version":1,"expiration_time":@0)", "\"token_type\""},
        {R"("success":true,"version":1,"expiration_time":@-1,"token_type":)"
         R"("urn:ietf:params:oauth:token-type:jwt")",
         "expired", answer_kind::expired},
        {R"("success":true,"version":1,"expiration_time":@0,"token_type":)"
         R"("urn:ietf:params:oauth:token-type:invalid")",
         "token-type:invalid"},
        {R"("success":true,"version":1,"expiration_time":@0,"token_type":)"
         R"("urn:ietf:params:oauth:token-type:jwt")",
         "\"id_token\""},
        {R"("success":true,"version":1,"expiration_time":@0,"token_type":)"
         R"("urn:ietf:params:oauth:token-type:id_token")",
         "\"id_token\""},
        {R"("success":true,"version":1,"expiration_time":@0,"token_type":)"
         R"("urn:ietf:params:oauth:token-type:saml2","id_token":"x")",
         "\"saml_response\""},
        {R"("success":true,"version":1,"expiration_time":"soon","token_type":)"
         R"("urn:ietf:params:oauth:token-type:jwt","id_token":"x")",
         "\"expiration_time\""},
    }));
    CAPTURE(sample.members);
    auto answer = read_executable_answer(document(sample.members), false, captured_at);
    CHECK(answer.what == sample.kind);
    CHECK(answer.token.empty());
    CHECK_THAT(answer.fault, Contains(sample.says));
}

TEST_CASE("text that is no document is not quoted", "[google][external]") {
    for (auto const* text : {"tokentokentoken", "", "[]", "\"tokentokentoken\"", "{"}) {
        auto answer = read_executable_answer(text, false, captured_at);
        CHECK(answer.what == answer_kind::malformed);
        CHECK_THAT(answer.fault, !Contains("token"));
    }
}

TEST_CASE("a program's token is taken from the member of its type", "[google][external]") {
    auto kind = GENERATE(as<std::string>{}, "jwt", "id_token", "saml2");
    auto member = kind == "saml2" ? "saml_response" : "id_token";
    auto members = R"("success":true,"version":1,"token_type":")" + std::string(type) + kind +
                   R"(",")" + member + R"(":"tokentokentoken")";
    auto dated = read_executable_answer(document(members + R"(,"expiration_time":@3600)"), true,
                                        captured_at);
    CHECK(dated.what == answer_kind::token);
    CHECK(dated.token.reveal() == "tokentokentoken");
    CHECK(read_executable_answer(document(members), false, captured_at).what == answer_kind::token);
    CHECK(read_executable_answer(document(members), true, captured_at).what ==
          answer_kind::malformed); // a stored one must expire
}

TEST_CASE("a command is split into words as a shell would", "[google][external]") {
    using words = std::vector<std::string>;
    CHECK(split_command("/bin/exe") == words{"/bin/exe"});
    CHECK(split_command("  /bin/exe \t a\nb ") == words{"/bin/exe", "a", "b"});
    CHECK(split_command(R"(/x 'a b' "c d" e\ f)") == words{"/x", "a b", "c d", "e f"});
    CHECK(split_command(R"(/x a'b'"c"d '' "")") == words{"/x", "abcd", "", ""});
    CHECK(split_command(R"(/x "a\"b\\c\d" 'a\b')") == words{"/x", R"(a"b\c\d)", R"(a\b)"});
    CHECK(split_command("/x $HOME `id` ; | > *") ==
          words{"/x", "$HOME", "`id`", ";", "|", ">", "*"});
    CHECK(split_command("/x \\") == words{"/x", "\\"});
    for (auto const* bad : {"", "   ", "'/x", "/x \"a", "''"}) {
        CAPTURE(bad);
        CHECK_FALSE(split_command(bad));
    }
}

TEST_CASE("programs run only with the opt-in", "[google][external]") {
    auto value = GENERATE(as<std::string>{}, "", "0", "true", "yes", " 1", "2");
    chain_rig rig(external_credential(plain_source));
    rig.variables = environment({{"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", value}});
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(rig.seen.empty());
    CHECK(token.error().kind == failure_class::permanent);
    CHECK(token.error().failure.code == "google_credentials_exec_not_allowed");
    CHECK_THAT(token.error().failure.message,
               Contains("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES=1") && Contains("/bin/exe"));
}

TEST_CASE("a program gets words and variables, and gives a token", "[google][external]") {
    auto rig = allowed(R"({"executable":{"command":"/bin/exe --flag 'a b'","timeout_millis":7000,)"
                       R"("output_file":"/out"}})",
                       acting_member());
    rig.program = [](run_program const& wanted) {
        std::vector<std::pair<std::string, std::string>> expected = {
            {"GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", std::string(pool_audience)},
            {"GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", std::string(type) + "jwt"},
            {"GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"},
            {"GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", "target@p.iam.gserviceaccount.com"},
            {"GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", "/out"}};
        CHECK(wanted.variables == expected);
        CHECK(wanted.timeout == milliseconds{7000});
        return printed(good_document());
    };
    auto token = rig.run();
    REQUIRE(token);
    CHECK(rig.seen ==
          std::vector<std::string>{"read /out", "run /bin/exe --flag a b",
                                   "POST https://sts.googleapis.com/v1/token",
                                   "POST https://iamcredentials.googleapis.com/v1/projects/-/"
                                   "serviceAccounts/target@p.iam.gserviceaccount.com"
                                   ":generateAccessToken"});
    CHECK_THAT(rig.bodies[0], Contains("subject_token=EXE_SUBJECT_TOKEN&"));
    CHECK(rig.steps[1].place == "program \"/bin/exe\"");
}

TEST_CASE("an output file saves the run while its token lives", "[google][external]") {
    auto rig = allowed(cached_source);
    rig.program = [](run_program const&) { return printed(good_document("RUN")); };
    SECTION("a good one is used") {
        rig.files["/out"] = good_document("STORED");
        REQUIRE(rig.run());
        CHECK(rig.seen.size() == 2);
        CHECK_THAT(rig.bodies[0], Contains("subject_token=STORED&"));
    }
    SECTION("anything that is over or empty leads to a run") {
        auto text =
            GENERATE(as<std::string>{}, "", "\n",
                     document(R"("version":1,"success":false,"code":"1","message":"m")"),
                     document(R"("version":1,"success":true,"expiration_time":@-1,"token_type":)"
                              R"("urn:ietf:params:oauth:token-type:jwt","id_token":"x")"));
        rig.files["/out"] = text;
        REQUIRE(rig.run());
        CHECK_THAT(rig.bodies[0], Contains("subject_token=RUN&"));
    }
    SECTION("a malformed one is an error") {
        auto text = GENERATE(as<std::string>{}, "{", "tokentokentoken",
                             document(R"("version":1,"success":true,"token_type":)"
                                      R"("urn:ietf:params:oauth:token-type:jwt","id_token":"x")"));
        rig.files["/out"] = text;
        auto token = rig.run();
        REQUIRE_FALSE(token);
        CHECK(rig.seen.size() == 1);
        CHECK(token.error().failure.code == "google_credentials_exec_failed");
        CHECK_THAT(token.error().failure.message, Contains("/out") && !Contains("tokentoken"));
    }
    SECTION("a stored token that Google calls stale leads to a run") {
        rig.files["/out"] = good_document("STORED");
        rig.server = [](token_call const& call) -> call_outcome {
            bool stored = call.body.reveal().find("STORED") != std::string_view::npos;
            return stored ? answer(400, R"({"error":"invalid_grant"})") : token_answer("t");
        };
        REQUIRE(rig.run());
        CHECK(rig.seen[2] == "run /bin/exe");
    }
}

TEST_CASE("a program may fail in every way", "[google][external]") {
    using kind = program_outcome::kind;
    struct row {
        program_outcome outcome;
        std::string says;
    };
    auto number = GENERATE(range(0, 8));
    auto outcome = [number]() -> row {
        switch (number) {
        case 0:
            return {{.what = kind::not_found}, "was not found"};
        case 1:
            return {{.what = kind::not_started, .reason = "Permission denied"},
                    "could not be started (Permission denied)"};
        case 2:
            return {{.what = kind::timed_out}, "did not end in time"};
        case 3:
            return {{.what = kind::too_long}, "more than 64 KiB"};
        case 4:
            return {{.what = kind::killed, .status = 9}, "signal 9"};
        case 5:
            return {{.what = kind::exited,
                     .status = 3,
                     .output = secret(good_document()), // is not looked at
                     .errors = "no login: eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.canary"},
                    "ended with status 3: no login: [...]"};
        case 6:
            return {printed("canary"), "no JSON object"};
        default:
            return {printed(document(R"("version":1,"success":false,"code":"401","message":)"
                                     R"("Caller not authorized.")")),
                    "401, Caller not authorized."};
        }
    };
    auto rig = allowed(plain_source);
    rig.program = [&](run_program const&) { return std::move(outcome().outcome); };
    auto token = rig.run();
    REQUIRE_FALSE(token);
    CHECK(token.error().kind == failure_class::slow);
    CHECK(token.error().failure.code == "google_credentials_exec_failed");
    CHECK_THAT(token.error().failure.message,
               Contains(outcome().says) && !Contains("EXE_SUBJECT") && !Contains("eyJ"));
    CHECK(rig.bodies.empty());
}

TEST_CASE("words of a program that may be secrets are left out", "[google][external]") {
    CHECK(redacted_text("could not log in: token expired") == "could not log in: token expired");
    CHECK(redacted_text("see /usr/lib/google-cloud-sdk/bin/x for us-central1.example.com") ==
          "see /usr/lib/google-cloud-sdk/bin/x for us-central1.example.com");
    CHECK(redacted_text("ya29.A0ARrdaM8xJ5kz_0123456789abcdef failed") == "ya29.[...] failed");
    CHECK(redacted_text(std::string(24, 'a')) == "[...]");
    CHECK(redacted_text(std::string(23, 'a')) == std::string(23, 'a'));
    CHECK(redacted_text("a\nb\x1b[31m") == "a b [31m");
    CHECK(redacted_text("").empty());
}
