#include "simulator/google_error.hpp"

#include "simulator/json_text.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

std::string reason_detail(google_error::error_reason const& reason) {
    std::string metadata;
    for (auto const& [key, value] : reason.metadata) {
        metadata += fmt::format("{}\n          {}: {}", metadata.empty() ? "" : ",",
                                json_string(key), json_string(value));
    }
    auto out = fmt::format("      {{\n"
                           "        \"@type\": \"type.googleapis.com/google.rpc.ErrorInfo\",\n"
                           "        \"reason\": {},\n        \"domain\": {}",
                           json_string(reason.reason), json_string(reason.domain));
    if (!metadata.empty()) {
        out += fmt::format(",\n        \"metadata\": {{{}\n        }}", metadata);
    }
    return out + "\n      }";
}

std::string violations_detail(pairs const& violations) {
    std::string list;
    for (auto const& [field, description] : violations) {
        list += fmt::format("{}\n          {{\n            \"field\": {},\n"
                            "            \"description\": {}\n          }}",
                            list.empty() ? "" : ",", json_string(field), json_string(description));
    }
    return fmt::format("      {{\n"
                       "        \"@type\": \"type.googleapis.com/google.rpc.BadRequest\",\n"
                       "        \"fieldViolations\": [{}\n        ]\n      }}",
                       list);
}

std::string retry_detail(std::string_view delay) {
    return fmt::format("      {{\n"
                       "        \"@type\": \"type.googleapis.com/google.rpc.RetryInfo\",\n"
                       "        \"retryDelay\": {}\n      }}",
                       json_string(delay));
}

std::string help_detail(std::string_view url) {
    return fmt::format("      {{\n"
                       "        \"@type\": \"type.googleapis.com/google.rpc.Help\",\n"
                       "        \"links\": [\n          {{\n"
                       "            \"description\": "
                       "\"Google developers console API activation\",\n"
                       "            \"url\": {}\n          }}\n        ]\n      }}",
                       json_string(url));
}

std::string details_of(google_error const& error) {
    std::vector<std::string> details;
    if (error.reason) {
        details.push_back(reason_detail(*error.reason));
    }
    if (!error.field_violations.empty()) {
        details.push_back(violations_detail(error.field_violations));
    }
    if (!error.help_url.empty()) {
        details.push_back(help_detail(error.help_url));
    }
    if (!error.retry_delay.empty()) {
        details.push_back(retry_detail(error.retry_delay));
    }
    if (details.empty()) {
        return "";
    }
    return fmt::format(",\n    \"details\": [\n{}\n    ]", fmt::join(details, ",\n"));
}

} // namespace

google_error invalid_argument(std::string message) {
    return {.message = std::move(message)};
}

std::string to_json(google_error const& error, envelope form) {
    auto object = fmt::format("{{\n  \"error\": {{\n    \"code\": {},\n    \"message\": {},\n"
                              "    \"status\": {}{}\n  }}\n}}\n",
                              error.code, json_string(error.message), json_string(error.status),
                              details_of(error));
    return form == envelope::array ? "[" + object + "]\n" : object;
}

answer to_answer(google_error const& error, envelope form) {
    answer reply{.status = error.code,
                 .extra_headers = error.extra_headers,
                 .body = to_json(error, form)};
    if (error.code == 401) {
        reply.extra_headers +=
            "WWW-Authenticate: Bearer realm=\"https://accounts.google.com/\"\r\n";
    }
    return reply;
}

answer html_error(int status, std::string_view text) {
    return {.status = status,
            .content_type = "text/html; charset=UTF-8",
            .body = fmt::format("<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
                                "  <title>Error {0}</title>\n"
                                "  <p><b>{0}.</b> <ins>That’s an error.</ins>\n"
                                "  <p>{1}\n</html>\n",
                                status, text)};
}

} // namespace vertex_relay::simulator
