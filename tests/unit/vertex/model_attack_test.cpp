// Names that try to be more than a name: no request moves the host or the path.

#include "unit/vertex/routing.hpp"

#include <random>

using namespace vertex_relay::core;
using namespace vertex_relay::core::test;

namespace {

constexpr std::string_view path =
    "/v1/projects/p/locations/us-central1/endpoints/openapi/chat/completions";
constexpr std::string_view host = "us-central1-aiplatform.googleapis.com";

std::vector<std::string> const attacks = {
    "../../../v1/projects/victim", "google/../../x", "google/..", "../google/x", "google/x/..",
    "google/a..b", "google/./x", "./google/x", "google//x", "/google/x", "google/", "/", "//",
    "google/x/", "a/b/c", "google/x?alt=sse", "google/x#y", "google/x%2f..", "google/%2e%2e",
    "google\\x", "google/x\\y", "google/x:predict", "google/x:streamRawPredict", "google/x&y=z",
    "google/x=y", "google/x;y", "google/x,y", "google/x y", " google/x", "google/x ", "google/x\n",
    "google/x\r\nHost: evil", "google/x\t", std::string("google/x\0", 9),
    std::string("google\0/x", 9), "google/\xc3\xa9", "g\xc3\xb6ogle/x",
    "google/\xef\xbc\x8e\xef\xbc\x8e", "Google/x", "GOOGLE/x", "goo_gle/x", "goo.gle/x",
    "google@1/x", "google/-x", "google/.x", "google/_x", "google/x-", "google/x.", "google/x_",
    "google/@1", "google/x@", "google/x@1@2", "google/x@1/2", "google/x@..", "google/x@a:b",
    "https://evil.example/x", "//evil.example/x", "evil.example:443/x", "user@evil.example/x",
    "google/{x}", "google/<x>", "google/\"x\"", "google/'x'", "google/$x", "google/*", "*/x", "*",
    "projects/p/locations/l/publishers/google/models/x", "projects/p/locations/l/endpoints/1",
    "endpoints/1/x", "publishers/google/models/", "publishers//models/x",
    "publishers/google/models/x/y", "publishers/google/models/../x", "publishers/models/x",
    "publishers/models/", "publishers//models/", "publishers/a/models/b/models/c", "gemini-../x",
    "gemini-x/y", "gemini-", "gemini-x:y", "gemini-\n", "1", "", "..", ".", "~", "%00",
    "${jndi:ldap://x}",
};

using namespace std::string_view_literals;

constexpr std::array pieces{
    "google/"sv, "gemini-"sv, "publishers/"sv, "/models/"sv, "models/"sv, "a"sv, "9"sv, "-"sv,
    "."sv, ".."sv, "_"sv, "/"sv, "\\"sv, "@"sv, ":"sv, "?"sv, "#"sv, "%"sv, "%2e"sv, "%2F"sv, "&"sv,
    "="sv, ";"sv, ","sv, " "sv, "\r"sv, "\n"sv, "\0"sv, "\xc3\xa9"sv, "\xff"sv, "A"sv,
    "endpoints/"sv, "projects/x/"sv, "https://"sv, "evil.example"sv, "*"sv,
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"sv, "google"sv, "\""sv, "{"sv,
};

std::string random_name(std::mt19937& random) {
    std::string name;
    for (auto count = random() % 8; count > 0; --count) {
        name += pieces[random() % pieces.size()];
    }
    return name;
}

/// What a target must look like whatever was asked for.
void check_confined(target const& where) {
    REQUIRE(where.host == upstream_host{true, std::string(host), 443, std::string(host)});
    REQUIRE(where.path == path);
    REQUIRE(where.project == "p");
    REQUIRE(where.location == "us-central1");
    REQUIRE(where.model);
    auto const& model = *where.model;
    REQUIRE(model.size() <= 256);
    REQUIRE(model.find("..") == std::string::npos);
    REQUIRE(std::ranges::count(model, '/') == 1);
    REQUIRE(model.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "-._@/") == std::string::npos);
}

} // namespace

TEST_CASE("attacks by name are refused with 400 or 404", "[vertex][attack]") {
    auto routes = make_routes("", {"p", "us-central1", ""});
    auto name = GENERATE(from_range(attacks));
    CAPTURE(name);
    auto error = unresolved(routes, name);
    CHECK((error.status == 400 || error.status == 404));
    CHECK(error.type == "invalid_request_error");
    CHECK(error.param == "model");
}

TEST_CASE("sizes are part of the grammar", "[vertex][attack]") {
    auto routes = make_routes("", {"p", "us-central1", ""});
    auto resolves = [&](std::string const& name) { return routes.resolve(name).has_value(); };
    CHECK(resolves("google/" + std::string(249, 'x')));
    CHECK_FALSE(resolves("google/" + std::string(250, 'x')));
    CHECK(resolves(std::string(63, 'p') + "/x"));
    CHECK_FALSE(resolves(std::string(64, 'p') + "/x"));
    CHECK(resolves("gemini-" + std::string(242, 'x')));
    CHECK_FALSE(resolves("gemini-" + std::string(243, 'x'))); // 256 with `google/`
    CHECK_FALSE(resolves(std::string(10'000'000, 'x')));
}

TEST_CASE("no name moves host or path", "[vertex][attack]") {
    auto routes =
        make_routes("[models]\na = \"google/x\"\nb = \"google/y\"\n", {"p", "us-central1", ""});
    std::mt19937 random(13);
    std::size_t passed = 0;
    for (int round = 0; round < 200'000; ++round) {
        auto name = random_name(random);
        CAPTURE(round, name);
        if (auto where = routes.resolve(name)) {
            ++passed;
            check_confined(*where);
        } else {
            REQUIRE((where.error().status == 400 || where.error().status == 404));
            REQUIRE(where.error().param == "model");
            REQUIRE(where.error().message.size() < 1500);
        }
    }
    CHECK(passed > 1000); // or the names were too wild to tell
}
