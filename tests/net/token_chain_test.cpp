// Credentials that need several steps, against scripted servers, files and programs.

#include "net/token_rig.hpp"
#include "net/token_server.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using core::google::environment;
using io::token_event;
using std::chrono::seconds;

std::string iam_json(std::string const& token) {
    return fmt::format(R"({{"accessToken":"{}","expireTime":"2100-01-01T00:00:00Z"}})", token);
}

/// A server of tokens, of their exchange and of impersonation, by path.
token_server::reply obliging(std::string const& request) {
    bool iam = request.find(":generateAccessToken") != std::string::npos;
    return {http_ok(iam ? iam_json("acting") : token_json("source", 3600))};
}

std::string acting_url(token_server const& server) {
    return server.url("/v1/projects/-/serviceAccounts/t@p.iam.gserviceaccount.com"
                      ":generateAccessToken");
}

std::string impersonated_file(token_server const& server) {
    return fmt::format(R"({{"type":"impersonated_service_account",)"
                       R"("service_account_impersonation_url":"{}","source_credentials":{}}})",
                       acting_url(server), user_file(server.url()));
}

std::string external_file(token_server const& server, std::string const& source) {
    return fmt::format(R"({{"type":"external_account","audience":"//iam.googleapis.com/x",)"
                       R"("subject_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
                       R"("token_url":"{}","credential_source":{}}})",
                       server.url("/v1/token"), source);
}

std::string text_of(io::token_source::answer const& answer) {
    return answer ? std::string((*answer)->value.reveal()) : answer.error().code;
}

std::size_t calls_with(token_server const& server, std::string_view text) {
    auto requests = server.requests();
    return static_cast<std::size_t>(std::ranges::count_if(
        requests, [&](auto const& request) { return request.find(text) != std::string::npos; }));
}

std::string executable(scratch_directory const& files, std::string const& name,
                       std::string const& body) {
    auto path = files.write(name, "#!/bin/sh\n" + body + "\n");
    ::chmod(path.c_str(), 0700);
    return path;
}

} // namespace

TEST_CASE("acting as an account costs one call an hour, not two", "[token_source][chain]") {
    token_server server(obliging);
    scratch_directory files;
    token_rig rig({.credentials = files.write("adc.json", impersonated_file(server))});
    CHECK(text_of(rig.get()) == "acting");
    REQUIRE(server.count() == 2);
    CHECK(server.requests()[1].find("Authorization: Bearer source\r\n") != std::string::npos);

    CHECK_FALSE(rig.replace(1)); // as after a 401 of Vertex; the server repeats its token
    CHECK(server.count() == 3);
    CHECK(calls_with(server, "generateAccessToken") == 2);

    rig.clock.move(seconds(3600)); // now the kept token is over too
    rig.source.reload();
    REQUIRE(rig.log.wait_for(token_event::renewed, 3));
    CHECK(calls_with(server, "grant_type=refresh_token") == 2);
}

TEST_CASE("a thousand askers cause one chain", "[token_source][chain]") {
    token_server server(obliging);
    scratch_directory files;
    token_rig rig({.credentials = files.write("adc.json", impersonated_file(server))});
    for (auto const& answer : rig.get_many(1000)) {
        CHECK(text_of(answer) == "acting");
    }
    CHECK(server.count() == 2);
}

TEST_CASE("a chain that fails anywhere goes on later", "[token_source][chain]") {
    auto failing = GENERATE(as<std::string>{}, "grant_type=refresh_token", "generateAccessToken");
    auto bytes = GENERATE(as<std::string>{}, "", "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n",
                          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html");
    token_server server([=](std::string const& request) {
        bool fails = request.find(failing) != std::string::npos;
        return fails ? token_server::reply{bytes} : obliging(request);
    });
    scratch_directory files;
    token_rig rig({.credentials = files.write("adc.json", impersonated_file(server))});
    REQUIRE(rig.log.wait_for(token_event::failed, 1));
    CHECK(rig.source.trouble()->status == 503);
    server.answer_with(obliging);
    rig.clock.move(seconds(2));
    CHECK(text_of(rig.get()) == "acting");
}

TEST_CASE("a missing role is told at once, with the command", "[token_source][chain]") {
    token_server server([](std::string const& request) {
        bool iam = request.find(":generateAccessToken") != std::string::npos;
        return iam ? token_server::reply{http_error(
                         403, R"({"error":{"status":"PERMISSION_DENIED","message":"denied"}})")}
                   : obliging(request);
    });
    scratch_directory files;
    token_rig rig({.credentials = files.write("adc.json", impersonated_file(server))});
    auto denied = rig.get();
    REQUIRE_FALSE(denied);
    CHECK(denied.error().status == 400);
    CHECK(denied.error().retry == core::retry_advice::never);
    CHECK(denied.error().message.find("gcloud iam service-accounts add-iam-policy-binding") !=
          std::string::npos);

    server.answer_with(obliging); // the role was granted
    rig.clock.move(seconds(11));
    CHECK_FALSE(rig.get()); // tells the known cause, and asks again meanwhile
    REQUIRE(rig.log.wait_for(token_event::renewed, 1));
    CHECK(text_of(rig.get()) == "acting");
}

TEST_CASE("a subject token is read anew for each exchange", "[token_source][chain]") {
    token_server server(obliging);
    scratch_directory files;
    auto subject = files.write("subject", "first\n");
    token_rig rig(
        {.credentials = files.write(
             "wif.json", external_file(server, fmt::format(R"({{"file":"{}"}})", subject)))});
    CHECK(text_of(rig.get()) == "source");
    CHECK(calls_with(server, "subject_token=first&") == 1);

    files.write("subject", "second");
    rig.source.check();
    CHECK(text_of(rig.get()) == "source");
    CHECK(server.count() == 1); // the access token got with the old one is still good
    rig.clock.move(seconds(3100));
    rig.source.check();
    REQUIRE(rig.log.wait_for(token_event::renewed, 2));
    CHECK(calls_with(server, "subject_token=second&") == 1);
}

TEST_CASE("a subject token that comes late is picked up at once", "[token_source][chain]") {
    token_server server(obliging);
    scratch_directory files;
    auto subject = files.path("subject");
    token_rig rig(
        {.credentials = files.write(
             "wif.json", external_file(server, fmt::format(R"({{"file":"{}"}})", subject)))});
    auto missing = rig.get();
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == "google_credentials_source_file");
    CHECK(missing.error().message.find(subject) != std::string::npos);
    files.write("subject", "there");
    rig.clock.move(seconds(2));
    CHECK(text_of(rig.get()) == "source");
}

TEST_CASE("a subject token comes from another cloud's machine", "[token_source][chain]") {
    token_server server([](std::string const& request) {
        if (!request.starts_with("GET /azure?a=b HTTP/1.1\r\n")) {
            return obliging(request);
        }
        CHECK(request.find("Metadata: True\r\n") != std::string::npos);
        return token_server::reply{http_ok(R"({"access_token":"azure-token"})")};
    });
    scratch_directory files;
    auto source = fmt::format(R"({{"url":"{}","headers":{{"Metadata":"True"}},"format":{{"type":)"
                              R"("json","subject_token_field_name":"access_token"}}}})",
                              server.url("/azure?a=b"));
    token_rig rig({.credentials = files.write("wif.json", external_file(server, source))});
    CHECK(text_of(rig.get()) == "source");
    CHECK(calls_with(server, "subject_token=azure-token&") == 1);
}

TEST_CASE("a program gives the subject token", "[token_source][chain]") {
    token_server server(obliging);
    scratch_directory files;
    auto program = executable(
        files, "program",
        R"(printf '{"version":1,"success":true,"token_type":"%s","id_token":"%s-%s-%s"}' )"
        R"("$GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE" "$1" "$SEEN" )"
        R"("$GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE")");
    auto source = fmt::format(R"({{"executable":{{"command":"{} 'an argument'"}}}})", program);
    environment variables({{"PATH", "/usr/bin:/bin"},
                           {"SEEN", "variable"},
                           {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1"}});
    token_rig rig({.credentials = files.write("wif.json", external_file(server, source)),
                   .variables = variables});
    CHECK(text_of(rig.get()) == "source");
    CHECK(calls_with(server, "subject_token=an%20argument-variable-0&") == 1);
}

TEST_CASE("gcloud's own login is used when it is asked for", "[token_source][chain]") {
    scratch_directory files;
    auto answer = [&](std::string const& expiry) {
        files.write("answer", fmt::format(R"({{"credential":{{"access_token":"of-gcloud",)"
                                          R"("token_expiry":"{}"}}}})",
                                          expiry));
    };
    answer("1970-01-01T00:00:00Z");
    auto path = executable(files, "bin/gcloud",
                           "[ \"$*\" = 'config config-helper --format=json --min-expiry=10m' ] "
                           "&& [ \"$CLOUDSDK_CORE_DISABLE_PROMPTS\" = 1 ] && cat \"$ANSWER\"");
    environment variables({{"PATH", path.substr(0, path.rfind('/')) + ":/usr/bin:/bin"},
                           {"ANSWER", files.path("answer")}});
    token_rig rig({.credentials = "gcloud", .variables = variables});
    CHECK(text_of(rig.get()) == "google_credentials_gcloud_failed"); // long over
    answer("2100-01-01T00:00:00Z");
    rig.source.reload();
    REQUIRE(rig.log.wait_for(token_event::renewed, 1));
    CHECK(text_of(rig.get()) == "of-gcloud");
    CHECK(rig.source.who()->description == "gcloud login");
}

TEST_CASE("rotated refresh tokens of a workforce login are kept", "[token_source][chain]") {
    token_server server([](std::string const&) {
        return token_server::reply{
            http_ok(R"({"access_token":"worker","expires_in":3600,"refresh_token":"rotated"})")};
    });
    scratch_directory files;
    auto text = fmt::format(R"({{"type":"external_account_authorized_user","client_id":"c",)"
                            R"("client_secret":"s","refresh_token":"first","token_url":"{}"}})",
                            server.url("/v1/oauthtoken"));
    token_rig rig({.credentials = files.write("adc.json", text)});
    CHECK(text_of(rig.get()) == "worker");
    rig.clock.move(std::chrono::hours(2));
    REQUIRE(rig.get());
    CHECK(server.requests().at(0).ends_with("grant_type=refresh_token&refresh_token=first"));
    CHECK(server.requests().at(0).find("Authorization: Basic Yzpz\r\n") != std::string::npos);
    CHECK(server.requests().at(1).ends_with("grant_type=refresh_token&refresh_token=rotated"));
}
