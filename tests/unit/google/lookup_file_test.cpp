#include "core/google/lookup_file.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::core::google;
using Catch::Matchers::Contains;
using kind = file_outcome::kind;

namespace {

named_path const from_variable{.from = path_source::variable, .path = "/secrets/key.json"};

vertex_relay::core::failure explained(file_outcome outcome, named_path const& at = from_variable) {
    auto error = explain_file(at, outcome);
    CHECK(error.kind == failure_class::permanent);
    CHECK_THAT(error.failure.message, Contains(at.path));
    return error.failure;
}

} // namespace

TEST_CASE("a file that cannot be read says why and what to do", "[google][lookup_file]") {
    auto missing = explained({.what = kind::not_found});
    CHECK(missing.code == "google_credentials_file_missing");
    CHECK_THAT(missing.message, Contains("GOOGLE_APPLICATION_CREDENTIALS=/secrets/key.json does "
                                         "not exist inside this process"));

    auto directory = explained({.what = kind::is_directory});
    CHECK(directory.code == "google_credentials_is_directory");
    CHECK_THAT(directory.message, Contains("rmdir"));

    auto unreadable = explained(
        {.what = kind::unreadable, .owner_uid = 0, .process_uid = 65532, .mode = 0600});
    CHECK(unreadable.code == "google_credentials_unreadable");
    CHECK_THAT(unreadable.message, Contains("mode 0600 and belongs to uid 0, the relay runs as "
                                            "uid 65532"));
    CHECK_THAT(unreadable.message, Contains("--user $(id -u)"));

    auto hidden = explained({.what = kind::unreadable, .process_uid = 7});
    CHECK_THAT(hidden.message, Contains("permission denied for uid 7"));

    CHECK_THAT(explained({.what = kind::too_large}).message, Contains("larger than 1 MiB"));
    CHECK_THAT(explained({.what = kind::failed, .reason = "Input/output error"}).message,
               Contains("Input/output error"));
}

TEST_CASE("messages name the setting that led to the file", "[google][lookup_file]") {
    CHECK_THAT(explained({.what = kind::not_found}, {path_source::option, "/k"}).message,
               Contains("google.credentials=/k"));
    CHECK_THAT(explained({.what = kind::is_directory}, {path_source::well_known, "/k"}).message,
               Contains("The gcloud login file /k"));
}

TEST_CASE("a value that is no path is recognised before it is read", "[google][lookup_file]") {
    struct sample {
        std::string value, says;
    };
    auto row = GENERATE(values<sample>({
        {R"({"type":"service_account","private_key":"canary"})", "holds JSON text"},
        {" \n{\"a\":\"canary\"}", "holds JSON text"},
        {"\"/canary\"", "has quotes"},
        {"'/canary'", "has quotes"},
        {"~/canary.json", "begins with `~`"},
        {"C:\\Users\\canary", "Windows path"},
        {"d:/canary", "Windows path"},
    }));
    auto odd = explain_odd_path({.from = path_source::variable, .path = row.value});
    REQUIRE(odd);
    CHECK(odd->kind == failure_class::permanent);
    CHECK_THAT(odd->failure.message, Contains("GOOGLE_APPLICATION_CREDENTIALS"));
    CHECK_THAT(odd->failure.message, Contains(row.says));
    CHECK_THAT(odd->failure.message, !Contains("canary"));
}

TEST_CASE("ordinary paths are left alone", "[google][lookup_file]") {
    for (auto const* path : {"/a/b.json", "key.json", "a:b", "/x y/{z}.json", "./~", "/dev/fd/9"}) {
        CAPTURE(path);
        CHECK_FALSE(explain_odd_path({.from = path_source::option, .path = path}));
    }
}
