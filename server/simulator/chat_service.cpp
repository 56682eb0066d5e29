#include "simulator/chat_service.hpp"

#include "simulator/catalogue.hpp"
#include "simulator/certificate.hpp"
#include "simulator/chat_check.hpp"
#include "simulator/container_answer.hpp"
#include "simulator/encoding.hpp"
#include "simulator/gemini_answer.hpp"
#include "simulator/google_error.hpp"
#include "simulator/json_text.hpp"
#include "simulator/refusal.hpp"

#include <fmt/format.h>

#include <optional>

namespace vertex_relay::simulator {

namespace {

answer not_found(std::string message, envelope form) {
    return to_answer({.code = 404, .status = "NOT_FOUND", .message = std::move(message)}, form);
}

std::string dedicated_name(std::string_view id, std::string_view location) {
    return fmt::format("{}.{}-{}.prediction.vertexai.goog", id, location, project_number);
}

/// What a digest-minded test wants to know about the request, as the text of the answer.
std::string echo_of(request const& received) {
    std::string names;
    for (auto const& field : received.headers) {
        names += names.empty() ? "" : ",";
        append_quoted(names, field.name);
    }
    return fmt::format(R"({{"headers":[{}],"length":{},"sha256":"{}"}})", names,
                       received.body.size(), sha256_hex(received.body));
}

chat_content content_for(chat_request const& chat, chat_scene const& scene) {
    auto content = compose(chat);
    if (scene.wanted.kind == fault_kind::echo) {
        content.choices = {{.text = echo_of(scene.received)}};
    } else if (scene.wanted.kind == fault_kind::huge) {
        content.choices = {{.text = std::string(scene.wanted.n, 'x')}};
    }
    return content;
}

/// The host must serve the location, and a dedicated endpoint answers under its own name alone.
std::optional<answer> check_host(chat_scene const& scene, envelope form) {
    auto fit = fit_of(scene.host, scene.resource.location);
    bool dedicated = scene.endpoint.starts_with('9');
    auto name = dedicated_name(scene.endpoint, scene.resource.location);
    if (dedicated && fit == host_fit::shared) {
        return to_answer({.status = "FAILED_PRECONDITION",
                          .message = fmt::format(
                              "Dedicated Endpoint cannot be accessed through the shared Vertex AI "
                              "domain aiplatform.googleapis.com. Please access the endpoint using "
                              "its dedicated dns name '{}'",
                              name)},
                         form);
    }
    bool wrong = fit == host_fit::wrong ||
                 (fit == host_fit::dedicated && (!dedicated || scene.host != name));
    return wrong ? std::optional(html_error(404, "The requested URL was not found on this server."))
                 : std::nullopt;
}

std::optional<google_error> check_model(chat_request const& chat, chat_scene const& scene) {
    auto name = split_model(chat.model);
    if (name.publisher.empty() || name.id.empty()) {
        return malformed_model(chat.model);
    }
    if (!scene.known_model && !has_model(chat.model, scene.resource.location)) {
        return model_not_found(scene.resource.location, name.publisher, name.id);
    }
    return std::nullopt;
}

constexpr std::string_view filler_text = "Another few words. ";

answer streamed(std::vector<std::string> events, std::string filler) {
    return {.content_type = "text/event-stream",
            .stream = true,
            .events = std::move(events),
            .filler = std::move(filler)};
}

answer streamed_publisher_model(chat_request const& chat, chat_content content,
                                chat_scene const& scene) {
    auto stamp = make_stamp(chat, scene.now);
    auto filler = gemini_text_event(filler_text, stamp);
    if (scene.wanted.kind != fault_kind::huge) {
        return streamed(gemini_events(chat, content, stamp), std::move(filler));
    }
    // One huge event must stay one event, so it is not cut into deltas.
    auto whole = gemini_text_event(content.choices.front().text, stamp);
    content.choices = {{}};
    auto events = gemini_events(chat, content, stamp);
    events.insert(events.begin(), std::move(whole));
    return streamed(std::move(events), std::move(filler));
}

answer answer_publisher_model(chat_request const& chat, chat_scene const& scene) {
    auto refused = check_model(chat, scene);
    refused = refused ? refused : check_chat(chat);
    if (refused) {
        return to_answer(*refused, envelope::array);
    }
    auto content = content_for(chat, scene);
    if (chat.stream) {
        return streamed_publisher_model(chat, std::move(content), scene);
    }
    return {.body = gemini_document(chat, content, make_stamp(chat, scene.now))};
}

answer answer_container(chat_request const& chat, chat_scene const& scene) {
    if (scene.endpoint.starts_with('0')) {
        return not_found(fmt::format("Endpoint `projects/{}/locations/{}/endpoints/{}` not found.",
                                     project_number, scene.resource.location, scene.endpoint),
                         envelope::object);
    }
    auto dress = make_container(scene.endpoint, scene.now);
    if (!scene.known_model && !serves(chat)) {
        return container_model_not_found(chat, dress);
    }
    auto content = content_for(chat, scene);
    return chat.stream ? streamed(container_events(chat, content, dress),
                                  container_text_event(filler_text, dress))
                       : answer{.content_type = "application/json",
                                .body = container_document(content, dress)};
}

} // namespace

answer answer_chat(chat_request const& chat, chat_scene const& scene) {
    bool openapi = scene.endpoint == "openapi";
    auto form = openapi ? envelope::array : envelope::object;
    if (!openapi && !is_endpoint_id(scene.endpoint)) {
        return not_found("Requested entity was not found.", form);
    }
    if (auto refused = check_host(scene, form)) {
        return *refused;
    }
    return openapi ? answer_publisher_model(chat, scene) : answer_container(chat, scene);
}

answer endpoint_resource(resource_path const& resource, std::string_view id) {
    if (!is_endpoint_id(id) || id.starts_with('0')) {
        return not_found(fmt::format("The Endpoint does not exist: projects/{}/locations/{}/"
                                     "endpoints/{}",
                                     project_number, resource.location, id),
                         envelope::object);
    }
    auto dns = dedicated_name(id, resource.location);
    dns = id.starts_with("90") ? "" : id.starts_with("99") ? "https://" + dns + "/" : dns;
    std::string dedicated;
    if (id.starts_with('9')) {
        dedicated = "  \"dedicatedEndpointEnabled\": true,\n";
        if (!dns.empty()) {
            dedicated += fmt::format("  \"dedicatedEndpointDns\": {},\n", json_string(dns));
        }
    }
    return {.body = fmt::format(
                "{{\n  \"name\": \"projects/{}/locations/{}/endpoints/{}\",\n"
                "  \"displayName\": \"simulated endpoint\",\n{}"
                "  \"createTime\": \"2026-01-02T03:04:05.678901Z\",\n"
                "  \"updateTime\": \"2026-01-02T03:04:05.678901Z\"\n}}\n",
                project_number, resource.location, id, dedicated)};
}

} // namespace vertex_relay::simulator
