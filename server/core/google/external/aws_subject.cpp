// The signed request by which Google asks AWS who we are.

#include "core/google/external/aws_search.hpp"

#include "core/ascii.hpp"
#include "core/google/form.hpp"
#include "core/json_text.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace vertex_relay::core::google {
namespace {

/// One member of `headers`, in a buffer that has room for it.
void append_header(std::string& json, std::string_view name, std::string_view value) {
    json += json.ends_with('[') ? R"({"key":)" : R"(,{"key":)";
    append_json_string(json, name);
    json += R"(,"value":)";
    append_json_string(json, value);
    json += "}";
}

std::string with_region(std::string url, std::string const& region) {
    constexpr std::string_view placeholder = "{region}";
    auto at = url.find(placeholder);
    return at == std::string::npos ? url : url.replace(at, placeholder.size(), region);
}

} // namespace

std::string region_of_zone(std::string_view zone) {
    bool letter = !zone.empty() && !ascii::is_digit(zone.back());
    return std::string(zone.substr(0, zone.size() - (letter ? 1 : 0)));
}

std::string aws_time(seconds since_1970) {
    std::chrono::sys_seconds moment(since_1970);
    auto day = std::chrono::floor<std::chrono::days>(moment);
    std::chrono::year_month_day date(day);
    std::chrono::hh_mm_ss time(moment - day);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

secret signed_caller_identity(external_account const& account, aws_keys const& keys,
                              std::string const& region, seconds now) {
    auto const& source = std::get<aws_source>(account.source);
    auto url = with_region(source.verification_url, region);
    auto host = host_of(url);
    auto time = aws_time(now);
    auto session = keys.session_token.reveal();
    aws_request request{.method = "POST", .url = url, .headers = {{"x-amz-date", time}}};
    if (!session.empty()) {
        request.headers.emplace_back("x-amz-security-token", session);
    }
    // Signed, so that nobody can use the request for another pool.
    request.headers.emplace_back("x-goog-cloud-target-resource", account.audience);
    aws_scope scope{
        .region = region, .service = std::string(host.substr(0, host.find('.'))), .time = time};
    std::string json;
    json.reserve(2 * (session.size() + account.audience.size() + url.size()) + 2048);
    json += R"({"headers":[)";
    append_header(json, "Authorization", aws_authorization(request, scope, keys));
    append_header(json, "host", host);
    for (auto const& [name, value] : request.headers) {
        append_header(json, name, value);
    }
    json += R"(],"method":"POST","url":)";
    append_json_string(json, url);
    json += "}";
    std::string encoded;
    encoded.reserve(3 * json.size());
    append_percent_encoded(encoded, json);
    OPENSSL_cleanse(json.data(), json.size());
    return secret(std::move(encoded));
}

} // namespace vertex_relay::core::google
