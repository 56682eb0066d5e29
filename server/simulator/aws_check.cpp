#include "simulator/aws_check.hpp"

#include "core/ascii.hpp"
#include "simulator/encoding.hpp"
#include "simulator/json_view.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <map>
#include <sstream>

namespace vertex_relay::simulator {

namespace {

constexpr std::chrono::minutes clock_difference_max{15};

std::string hmac(std::string_view key, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), out.data(), &size);
    return {reinterpret_cast<char const*>(out.data()), size};
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (char c : bytes) {
        out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return out;
}

/// What stands between `name` and the next comma.
std::string parameter(std::string_view authorization, std::string_view name) {
    auto at = authorization.find(name);
    if (at == std::string_view::npos) {
        return "";
    }
    auto rest = authorization.substr(at + name.size());
    return std::string(rest.substr(0, rest.find(',')));
}

/// The request as it was signed: always a POST to the root with these two parameters.
struct signed_request {
    std::map<std::string, std::string> headers;
    std::string authorization;

    std::string canonical(std::string const& names) const {
        std::string lines;
        std::istringstream list(names);
        for (std::string name; std::getline(list, name, ';');) {
            auto found = headers.find(name);
            lines += name + ":" + (found == headers.end() ? "" : found->second) + "\n";
        }
        return "POST\n/\nAction=GetCallerIdentity&Version=2011-06-15\n" + lines + "\n" + names +
               "\n" + sha256_hex("");
    }
};

std::optional<signed_request> read(std::string const& text) {
    simdjson::dom::parser parser;
    json document;
    if (parser.parse(text).get(document) != simdjson::SUCCESS ||
        text_or(member(document, "method"), "") != "POST" ||
        !text_or(member(document, "url"), "")
             .ends_with(".amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15")) {
        return std::nullopt;
    }
    signed_request out;
    for (auto header : elements_of(member(document, "headers"))) {
        std::string name(text_or(member(header, "key"), ""));
        std::string value(text_or(member(header, "value"), ""));
        (name == "Authorization" ? out.authorization : out.headers[name]) = value;
    }
    return out;
}

/// `YYYYMMDDTHHMMSSZ`
bool is_recent(std::string_view time, std::chrono::sys_seconds now) {
    using namespace std::chrono;
    auto number = [&](std::size_t at, std::size_t size) {
        return core::ascii::parse_decimal<unsigned>(time.substr(at, size)).value_or(99);
    };
    if (time.size() != 16 || time[8] != 'T' || time[15] != 'Z') {
        return false;
    }
    year_month_day date(year(static_cast<int>(number(0, 4))), month(number(4, 2)),
                        day(number(6, 2)));
    sys_seconds then =
        sys_days(date) + hours(number(9, 2)) + minutes(number(11, 2)) + seconds(number(13, 2));
    return date.ok() && abs(now - then) <= clock_difference_max;
}

} // namespace

std::string check_caller_identity(std::string_view token, foreign_identity const& known,
                                  std::string_view audience, std::chrono::sys_seconds now) {
    auto sent = read(percent_decoded(token));
    if (!sent || sent->headers["x-goog-cloud-target-resource"] != audience) {
        return "The AWS request is malformed, or made for another audience.";
    }
    auto time = sent->headers["x-amz-date"];
    if (!is_recent(time, now)) {
        return "Signature expired.";
    }
    auto credential = parameter(sent->authorization, "Credential=");
    auto slash = credential.find('/');
    auto scope = slash == std::string::npos ? "" : credential.substr(slash + 1);
    bool ours = credential.substr(0, slash) == known.aws_key_id &&
                sent->headers["x-amz-security-token"] == known.aws_session_token;
    auto names = parameter(sent->authorization, "SignedHeaders=");
    auto key = "AWS4" + known.aws_secret_key;
    std::istringstream parts(scope);
    for (std::string part; std::getline(parts, part, '/');) {
        key = hmac(key, part);
    }
    auto expected = hex(hmac(key, fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope,
                                              sha256_hex(sent->canonical(names)))));
    bool signed_well = parameter(sent->authorization, "Signature=") == expected;
    return ours && signed_well ? "" : "The security token included in the request is invalid.";
}

} // namespace vertex_relay::simulator
