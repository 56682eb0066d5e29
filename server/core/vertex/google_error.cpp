#include "core/vertex/google_error.hpp"

#include "core/ascii.hpp"
#include "core/vertex/token_mask.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace vertex_relay::core {

namespace {

using simdjson::dom::element;

struct google_error {
    std::int64_t code = 0;
    std::string message;
    std::string status;
    std::string reason;  ///< of ErrorInfo
    std::string type;    ///< a container's own, OpenAI-shaped
    std::string param;
    std::string name;    ///< a container's own string `code`
    std::string raw;     ///< the error object as it came
    std::chrono::seconds retry_delay{0};
};

std::string text_of(element object, std::string_view key) {
    std::string_view text;
    return object[key].get(text) ? std::string() : std::string(text);
}

/// `retryDelay` of google.rpc.RetryInfo, such as `13s` or `0.25s`, rounded up: a try before its
/// time is wasted.
std::chrono::seconds read_delay(std::string_view text) {
    auto whole = text.substr(0, text.find_first_of(".s"));
    bool part = text.find_first_of("123456789", whole.size()) != text.npos;
    auto seconds = ascii::parse_decimal<unsigned>(whole);
    return std::chrono::seconds(seconds ? std::int64_t{*seconds} + (part ? 1 : 0) : 0);
}

void read_details(element error, google_error& out) {
    simdjson::dom::array details;
    if (error["details"].get(details)) {
        return;
    }
    for (auto detail : details) {
        if (auto reason = text_of(detail, "reason"); !reason.empty()) {
            out.reason = reason;
        }
        if (auto delay = text_of(detail, "retryDelay"); !delay.empty()) {
            out.retry_delay = read_delay(delay);
        }
    }
}

google_error read_object(element error) {
    google_error out;
    if (error["code"].get(out.code)) {
        out.name = text_of(error, "code");
    }
    out.message = text_of(error, "message");
    out.status = text_of(error, "status");
    out.type = text_of(error, "type");
    out.param = text_of(error, "param");
    out.raw = simdjson::minify(error);
    read_details(error, out);
    return out;
}

/// Finds the error in an array of one, in an object, or in a container's bare object.
std::optional<google_error> find_error(std::string_view body) {
    simdjson::dom::parser parser;
    element document;
    if (body.empty() || parser.parse(body.data(), body.size()).get(document)) {
        return std::nullopt;
    }
    simdjson::dom::array list;
    if (!document.get(list) && list.size() > 0) {
        document = list.at(0).value_unsafe();
    }
    element error;
    if (!document["error"].get(error)) {
        std::string_view plain; // TGI: {"error":"text"}
        return error.get(plain) ? read_object(error)
                                : google_error{.message = std::string(plain),
                                               .raw = simdjson::minify(document)};
    }
    if (!text_of(document, "message").empty()) {
        return read_object(document);
    }
    if (auto detail = text_of(document, "detail"); !detail.empty()) {
        return google_error{.message = detail, .raw = simdjson::minify(document)};
    }
    return std::nullopt;
}

/// The error, if there is one, without our token, should it repeat the request.
std::optional<google_error> parse_error(std::string_view body) {
    auto error = find_error(body);
    if (error) {
        for (auto* text : {&error->message, &error->type, &error->param, &error->name,
                           &error->raw}) {
            *text = mask_tokens(*text);
        }
    }
    return error;
}

bool mentions(std::string_view text, std::string_view word) { return text.find(word) != text.npos; }

/// A model server of one's own, behind an endpoint: it knows nothing of projects and roles.
bool is_of_container(google_error const& error, target const& where) {
    bool own_endpoint = !where.endpoint.empty() && !error.raw.empty();
    return error.status.empty() && (own_endpoint || !error.type.empty());
}

obstacle find_obstacle(google_error const& error, unsigned status, target const& where) {
    if (is_of_container(error, where)) {
        return obstacle::none;
    }
    if (error.reason == "SERVICE_DISABLED" ||
        mentions(error.message, "has not been used in project")) {
        return obstacle::api_disabled;
    }
    if (error.reason == "CONSUMER_INVALID") {
        return obstacle::wrong_project;
    }
    if (error.reason == "USER_PROJECT_DENIED") {
        return obstacle::quota_project_denied;
    }
    if (error.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT") {
        return obstacle::scope_missing;
    }
    return status == 403 ? obstacle::role_missing : obstacle::none;
}

/// The next step for the situations people meet most; empty for others.
std::string hint_by_obstacle(obstacle what, target const& where) {
    switch (what) {
    case obstacle::api_disabled:
        return fmt::format(" Enable the API: gcloud services enable aiplatform.googleapis.com "
                           "--project {}",
                           where.project);
    case obstacle::wrong_project:
        return fmt::format(" Check the project id '{}' (google.project): it must be the id, not "
                           "the display name.",
                           where.project);
    case obstacle::quota_project_denied:
        return " The quota project may not be used by this account; change google.quota_project.";
    case obstacle::scope_missing:
        return " The credentials lack the cloud-platform scope; sign in again with "
               "`gcloud auth application-default login`.";
    case obstacle::role_missing:
        return fmt::format(" Grant the account roles/aiplatform.user: gcloud projects "
                           "add-iam-policy-binding {} --member=MEMBER --role=roles/aiplatform.user",
                           where.project);
    case obstacle::none: break;
    }
    return {};
}

std::string hint_to_missing(target const& where, std::string_view model_advice) {
    if (!where.endpoint.empty()) {
        return fmt::format(" Asked for '{}' in project '{}'; see that it exists there and has a "
                           "model deployed: gcloud ai endpoints list --region={}",
                           where.label, where.project, where.location);
    }
    return fmt::format(" Asked for '{}' in project '{}', location '{}'.{}{}", where.label,
                       where.project, where.location, model_advice.empty() ? "" : " ",
                       model_advice);
}

std::string hint(google_error const& error, unsigned status, target const& where,
                 std::string_view model_advice) {
    auto by_obstacle = hint_by_obstacle(find_obstacle(error, status, where), where);
    bool missing = by_obstacle.empty() && status == 404 && !is_of_container(error, where);
    return missing ? hint_to_missing(where, model_advice) : by_obstacle;
}

bool is_context_overflow(std::string_view message) {
    auto text = ascii::to_lower(message);
    return mentions(text, "input token count") || mentions(text, "maximum context length") ||
           mentions(text, "exceeds the maximum number of tokens");
}

/// How blocked prompts read on the `openapi` endpoint is documented nowhere: these are the words of
/// Google's other endpoints.
bool is_content_refusal(std::string_view message) {
    auto text = ascii::to_lower(message);
    return mentions(text, "responsible ai practices") || mentions(text, "prohibited_content") ||
           mentions(text, "model armor") || mentions(text, "safety filter");
}

void classify(failure& out, google_error const& error) {
    switch (out.status) {
    case 400:
        out.type = "invalid_request_error";
        out.code = is_context_overflow(error.message)  ? "context_length_exceeded"
                   : is_content_refusal(error.message) ? "content_filter"
                                                       : "invalid_argument";
        break;
    case 401:
        out.type = "authentication_error";
        out.code = "google_unauthenticated";
        break;
    case 403:
        out.type = "permission_error";
        out.code = "permission_denied";
        out.retry = retry_advice::never;
        break;
    case 404:
        out.type = "invalid_request_error";
        out.code = "model_not_found";
        out.param = "model";
        break;
    case 429:
        out.type = "rate_limit_error";
        out.code = "rate_limit_exceeded";
        break;
    default:
        out.type = out.status >= 500 ? "server_error" : "invalid_request_error";
        out.code = out.status == 503   ? "upstream_unavailable"
                   : out.status == 504 ? "upstream_timeout"
                                       : "upstream_error";
    }
}

std::string_view next_step(unsigned status) {
    if (status >= 300 && status < 400) {
        return "The relay follows no redirect; check upstream.endpoint.";
    }
    if (status == 413) {
        return "Send less at once: files by their gs:// address.";
    }
    return status >= 500 || status == 429 ? "Try again."
                                          : "Check google.location and upstream.endpoint.";
}

/// Says in words what a body without an error in it means.
google_error unreadable(upstream_answer const& answer) {
    bool html = mentions(answer.content_type, "html") || answer.body.starts_with('<');
    auto what = html                  ? "an HTML page"
                : answer.body.empty() ? "nothing"
                                      : "text that names no error";
    return {.message = fmt::format("Vertex AI answered {} with {}; this comes from Google's front "
                                   "end, not from the model. {}",
                                   answer.status, what, next_step(answer.status))};
}

int status_for_client(unsigned status) {
    bool redirect = status >= 300 && status < 400;
    bool cancelled = status == 499;
    return redirect || cancelled || status < 300 ? 502 : static_cast<int>(status);
}

failure describe(google_error const& error, unsigned status, target const& where,
                 std::string_view model_advice = {}) {
    failure out;
    out.status = status_for_client(status);
    classify(out, error);
    if (status >= 300 && status < 400) {
        out.code = "upstream_redirect";
    }
    if (is_of_container(error, where)) { // vLLM already speaks OpenAI's words
        out.type = error.type.empty() ? out.type : error.type;
        out.param = error.param;
        out.code = error.name.empty() ? out.code : error.name;
    }
    auto message = error.message.empty()
                       ? fmt::format("Vertex AI answered {}. {}", status, next_step(status))
                       : error.message;
    auto next = hint(error, status, where, model_advice);
    bool open_ended = !next.empty() && ascii::is_alnum(message.back());
    out.message = message + (open_ended ? "." : "") + next;
    out.google = error.raw;
    if (error.retry_delay.count() > 0) {
        out.retry = retry_advice::later;
        out.retry_after = error.retry_delay;
    }
    return out;
}

} // namespace

obstacle find_obstacle(failure const& from_google, target const& where) {
    auto error = parse_error(from_google.google);
    auto status = static_cast<unsigned>(from_google.status);
    return error ? find_obstacle(*error, status, where) : obstacle::none;
}

failure read_google_error(upstream_answer const& answer, target const& where) {
    auto error = parse_error(answer.body).value_or(unreadable(answer));
    auto out = describe(error, answer.status, where, answer.model_advice);
    auto seconds = ascii::parse_decimal<unsigned>(answer.retry_after);
    if (seconds && *seconds > 0) {
        out.retry = retry_advice::later;
        out.retry_after = std::chrono::seconds(*seconds);
    }
    return out;
}

std::optional<failure> find_disguised_error(std::string_view body, target const& where) {
    constexpr std::string_view blanks = " \t\r\n";
    auto first = body.find_first_not_of(blanks);
    auto text = first == body.npos ? std::string_view() : body.substr(first);
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    auto broken = [](std::string_view what) {
        return failure{.status = 502,
                       .type = "upstream_error",
                       .code = "upstream_protocol_error",
                       .message = fmt::format("Vertex AI answered 200 with {}. Try again.", what)};
    };
    if (text.empty()) {
        return broken("nothing");
    }
    if (text.starts_with('{') && !text.ends_with('}')) {
        return broken("JSON that breaks off in the middle");
    }
    if (text.starts_with('[')) {
        return parse_error(text) ? read_stream_error(text, where) : broken("a list, not an answer");
    }
    if (!text.starts_with('{')) {
        return broken(text.starts_with('<') ? "a web page" : "text that is not JSON");
    }
    bool suspicious = !mentions(text, "\"choices\"") && parse_error(text);
    return suspicious ? std::optional(read_stream_error(text, where)) : std::nullopt;
}

failure read_stream_error(std::string_view text, target const& where) {
    auto error = parse_error(text);
    if (!error) {
        return {.status = 502,
                .type = "upstream_error",
                .code = "upstream_protocol_error",
                .message = "Vertex AI broke off the answer with text that is not an event."};
    }
    bool known = error->code >= 400 && error->code < 600;
    return describe(*error, known ? static_cast<unsigned>(error->code) : 500U, where);
}

} // namespace vertex_relay::core
