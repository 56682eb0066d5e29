#include "io/print_token.hpp"

#include "net/token_rig.hpp"
#include "net/token_server.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

/// Takes what is written to a descriptor of this process while it lives.
class captured {
public:
    captured(int fd, std::string path) : fd_(fd), saved_(::dup(fd)), path_(std::move(path)) {
        flush();
        int file = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
        ::dup2(file, fd_);
        ::close(file);
    }
    ~captured() { end(); }
    captured(captured const&) = delete;
    captured& operator=(captured const&) = delete;

    std::string end() {
        flush();
        if (saved_ >= 0) {
            ::dup2(saved_, fd_);
            ::close(saved_);
            saved_ = -1;
        }
        std::stringstream text;
        text << std::ifstream(path_).rdbuf();
        return text.str();
    }

private:
    static void flush() {
        std::fflush(stdout);
        std::fflush(stderr);
    }
    int fd_;
    int saved_;
    std::string path_;
};

struct printed {
    int code;
    std::string out;
    std::string err;
};

printed print(std::string const& credentials, io::print_token_options options,
              scratch_directory const& files) {
    core::config settings;
    settings.google.credentials = credentials;
    settings.google.allow_any_token_host = true;
    settings.google.project = "my-project";
    core::google::environment variables({{"HOME", files.path("home")}});
    captured out(STDOUT_FILENO, files.path("out"));
    captured err(STDERR_FILENO, files.path("err"));
    int code = io::print_token(settings, variables, options);
    return {code, out.end(), err.end()};
}

} // namespace

TEST_CASE("print-token prints the token and nothing else", "[print_token]") {
    token_server server(
        [](auto const&) { return token_server::reply{http_ok(token_json("tok"))}; });
    scratch_directory files;
    auto file = files.write("user.json", user_file(server.url()));

    auto plain = print(file, {}, files);
    CHECK(plain.code == 0);
    CHECK(plain.out == "tok\n");
    CHECK(plain.err.empty());

    auto explained = print(file, {.explain = true}, files);
    CHECK(explained.out.empty());
    CHECK(explained.err.find(file + ": used") != std::string::npos);
    CHECK(explained.err.find("project: my-project (google.project)") != std::string::npos);
    CHECK(explained.err.find("tok\n") == std::string::npos);
    CHECK(explained.err.find("d-secret") == std::string::npos);

    auto json = print(file, {.json = true}, files);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    REQUIRE(parser.parse(json.out).get(root) == simdjson::SUCCESS);
    auto text = [&](char const* name) { return std::string(std::string_view(root[name])); };
    CHECK(text("access_token") == "tok");
    CHECK(text("token_type") == "Bearer");
    CHECK(text("project") == "my-project");
    CHECK(text("quota_project") == "billed-project");
    CHECK(text("source").find(file) != std::string::npos);
    CHECK(std::int64_t(root["expires_in"]) == 3599);
    CHECK(root["account"].is_null());
}

TEST_CASE("print-token says in one line what to do", "[print_token]") {
    scratch_directory files;
    auto missing = print(files.path("none.json"), {}, files);
    CHECK(missing.code == 1);
    CHECK(missing.out.empty());
    CHECK(missing.err.find("does not exist") != std::string::npos);
    CHECK(std::ranges::count(missing.err, '\n') == 1);

    token_server server([](auto const&) {
        return token_server::reply{http_error(400, R"({"error":"invalid_grant"})")};
    });
    auto refused = print(files.write("user.json", user_file(server.url())), {}, files);
    CHECK(refused.code == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("gcloud auth application-default login") != std::string::npos);
}

TEST_CASE("print-token explains each step of a chain", "[print_token]") {
    token_server server([](std::string const& request) {
        bool iam = request.find(":generateAccessToken") != std::string::npos;
        return token_server::reply{http_ok(
            iam ? R"({"accessToken":"acting","expireTime":"2100-01-01T00:00:00Z"})"
                : token_json("source-token"))};
    });
    scratch_directory files;
    auto subject = files.write("subject", "subject-token");
    auto acting = server.url("/v1/projects/-/serviceAccounts/t@p.x:generateAccessToken");
    auto file = files.write(
        "wif.json", R"({"type":"external_account","audience":"//iam.googleapis.com/projects/7/x",)"
                    R"("subject_token_type":"t","token_url":")" +
                        server.url("/v1/token") + R"(","service_account_impersonation_url":")" +
                        acting + R"(","credential_source":{"file":")" + subject + R"("}})");
    auto explained = print(file, {.explain = true}, files);
    CHECK(explained.code == 0);
    CHECK(explained.out.empty());
    auto const& err = explained.err;
    auto at = [&](std::string const& line) { return err.find(line + "\n"); };
    CHECK(err.find(file + ": used: external_account from " + file) != std::string::npos);
    CHECK(at(subject + ": read") < at(server.url("/v1/token") + ": status 200"));
    CHECK(at(server.url("/v1/token") + ": status 200") < at(acting + ": status 200"));
    CHECK(at(acting + ": status 200") < err.size());
    CHECK(err.find("acting as t@p.x") != std::string::npos);
    CHECK(err.find("subject-token") == std::string::npos);
    CHECK(err.find("source-token") == std::string::npos);

    files.write("subject", "");
    auto refused = print(file, {.explain = true}, files);
    CHECK(refused.code == 1);
    CHECK(refused.err.find(subject + ": read\n") != std::string::npos);
    CHECK(refused.err.find("holds no subject token") != std::string::npos);
}
