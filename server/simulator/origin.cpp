#include "simulator/origin.hpp"

#include "simulator/certificate.hpp"
#include "simulator/fault_answer.hpp"
#include "simulator/fault_plan.hpp"
#include "simulator/iam.hpp"
#include "simulator/native_service.hpp"
#include "simulator/other_clouds.hpp"
#include "simulator/refusal.hpp"

#include <fmt/format.h>

namespace vertex_relay::simulator {

namespace {

bool is_model_list(std::string_view path) {
    return path == "/v1/publishers/google/models" || path == "/v1beta1/publishers/google/models";
}

std::string resource_name(resource_path const& path) {
    return fmt::format("projects/{}/locations/{}/{}", path.project, path.location,
                       path.rest.substr(0, path.rest.find("/chat")));
}

} // namespace

/// One request with what is known about it.
struct origin::call {
    request const& received;
    std::optional<resource_path> resource = {};
    std::optional<endpoint_path> endpoint = {};
    envelope form = envelope::object;
    std::string model = {};
    std::optional<fault> wanted = {};
    bool chat = false;
};

origin::origin(options settings, identities known, scripts given)
    : settings_(std::move(settings)), known_(std::move(known)), script_(std::move(given.faults)),
      captures_(std::move(given.captures)), seen_(settings_.on_event),
      metadata_(tokens_, seen_, settings_.project) {
    tokens_.accept_always(settings_.static_token);
}

token_store::time origin::now() const {
    using namespace std::chrono;
    return time_point_cast<seconds>(system_clock::now()) + shift_;
}

plan origin::reply_malformed(std::string_view why) {
    ++seen_.malformed;
    auto made = to_plan(html_error(400, fmt::format("Your client has issued a malformed or illegal "
                                                    "request ({}).",
                                                    why)));
    made.close = true;
    return made;
}

plan origin::reply_metadata(request const& received) {
    if (auto reply = answer_other_cloud(received, known_.foreign)) {
        return to_plan(*reply);
    }
    return to_plan(metadata_.reply(received, {.now = now(), .lifetime = settings_.token_lifetime}));
}

void origin::count_grant(answer const& reply) {
    if (reply.status == 200) {
        seen_.count(seen_.token_grants, "token granted");
    }
}

void origin::count_refusal(int status) {
    if (status == 401) {
        seen_.count(seen_.unauthenticated, "token refused");
    }
}

answer origin::answer_token(request const& received) {
    ++seen_.token_requests;
    if (received.method != "POST") {
        return html_error(404, "The requested URL was not found on this server.");
    }
    auto reply = answer_token_request(received, known_.clients, tokens_,
                                      {.now = now(), .lifetime = settings_.token_lifetime});
    count_grant(reply);
    return reply;
}

std::optional<plan> origin::reply_early(request const& head, std::string_view body_so_far) {
    constexpr std::string_view name = "/sim-early-400\"";
    bool asked = body_so_far.substr(0, 4096).find(name) != std::string_view::npos;
    if (!asked) {
        return std::nullopt;
    }
    seen_.count(seen_.chats_begun, "chat begun");
    seen_.keep_chat(head.head, body_so_far);
    fault refused{.kind = fault_kind::early_refusal};
    auto made = bent_plan(refused, *error_answer(refused, {}));
    made.chat = true;
    return made;
}

std::optional<answer> origin::answer_identity(request const& received) {
    auto path = received.path();
    if (path == "/token" || path == "/oauth2/v4/token") {
        return answer_token(received);
    }
    bool exchange = path == "/v1/token";
    bool workforce = path == "/v1/oauthtoken";
    if (received.method != "POST" || (!exchange && !workforce && !is_impersonation(path))) {
        return std::nullopt;
    }
    ++seen_.token_requests;
    grant_terms terms{.now = now(), .lifetime = settings_.token_lifetime};
    auto reply = exchange    ? answer_token_exchange(received, known_.foreign, tokens_, terms)
                 : workforce ? answer_workforce(received, known_.foreign, tokens_, terms)
                             : answer_impersonation(received, tokens_, terms);
    count_grant(reply);
    return reply;
}

plan origin::reply(request const& received) {
    call current{.received = received};
    auto identity_reply = answer_identity(received);
    if (identity_reply) {
        current.wanted = script_.take("", received.path());
        return with_fault(current, std::move(*identity_reply));
    }
    current.resource = parse_resource_path(received.path());
    auto reply = answer_resource(current);
    count_refusal(reply.status);
    return with_fault(current, std::move(reply));
}

std::string origin::rpc_of(call const& current) const {
    auto version = current.resource ? current.resource->version : "v1beta1";
    return fmt::format("{}.{}", version,
                       current.chat       ? "PredictionService.ChatCompletions"
                       : current.resource ? "PredictionService.Predict"
                                          : "ModelGardenService.ListPublisherModels");
}

answer origin::answer_resource(call& current) {
    auto const& received = current.received;
    bool listing = received.method == "GET" && is_model_list(received.path());
    if (!current.resource && !listing) {
        return html_error(404, "The requested URL was not found on this server.");
    }
    if (current.resource) {
        current.endpoint = parse_endpoint(current.resource->rest);
    }
    if (current.endpoint) {
        current.form = current.endpoint->id == "openapi" ? envelope::array : envelope::object;
        current.chat = current.endpoint->verb == "chat/completions" && received.method == "POST";
    }
    if (current.chat) {
        seen_.count(seen_.chats_begun, "chat begun");
        seen_.keep_chat(received.head, received.body);
    }
    auto verdict = tokens_.judge(received.find("authorization").value_or(""), now());
    if (verdict != bearer::good) {
        return to_answer(unauthenticated(verdict, rpc_of(current)), current.form);
    }
    if (listing) {
        return model_list();
    }
    auto const& resource = *current.resource;
    if (resource.project != settings_.project && resource.project != project_number) {
        return to_answer(permission_denied(resource_name(resource)), current.form);
    }
    return current.chat ? answer_chat_path(current) : answer_other_path(current);
}

answer origin::answer_other_path(call& current) {
    auto const& received = current.received;
    auto const& resource = *current.resource;
    current.wanted = script_.take("", received.path());
    if (current.endpoint && current.endpoint->verb.empty() && received.method == "GET") {
        ++seen_.dedicated_lookups;
        return endpoint_resource(resource, current.endpoint->id);
    }
    json body;
    if (received.method != "POST" ||
        parser_.parse(received.body).get(body) != simdjson::SUCCESS) {
        return html_error(404, "The requested URL was not found on this server.");
    }
    if (!current.endpoint) {
        auto reply = answer_publisher_path(resource.rest, body);
        return reply ? *reply
                     : html_error(404, "The requested URL was not found on this server.");
    }
    bool openapi = current.endpoint->id == "openapi";
    if (openapi && current.endpoint->verb == "completions") {
        return to_answer(completions_unsupported(text_or(member(body, "model"), "")),
                         envelope::array);
    }
    if (current.endpoint->verb == ":predict") {
        return answer_chat_wrapper(body, scene_of(current));
    }
    return openapi && current.endpoint->verb == "embeddings"
               ? answer_openapi_embeddings(body, resource.location)
               : html_error(404, "The requested URL was not found on this server.");
}

chat_scene origin::scene_of(call const& current) const {
    return {.resource = *current.resource,
            .endpoint = current.endpoint->id,
            .host = current.received.host(),
            .received = current.received,
            .wanted = current.wanted.value_or(fault{}),
            .now = now().time_since_epoch().count()};
}

answer origin::answer_chat_path(call& current) {
    json body;
    if (parser_.parse(current.received.body).get(body) != simdjson::SUCCESS || !body.is_object()) {
        return to_answer(invalid_argument("Invalid JSON payload received. Unexpected token."),
                         current.form);
    }
    auto chat = read_chat_request(body);
    current.model = chat.model;
    current.wanted = script_.take(chat.model, current.received.path());
    auto by_model = fault_of_model(chat.model);
    current.wanted = current.wanted ? current.wanted : by_model;
    if (auto captured = captures_.find(body, current.endpoint->id == "openapi")) {
        return std::move(*captured);
    }
    auto scene = scene_of(current);
    scene.known_model = by_model || script_.knows(chat.model);
    chat.bends = bends_of(scene.wanted);
    return answer_chat(chat, scene);
}

plan origin::with_fault(call& current, answer reply) {
    auto wanted = current.wanted.value_or(fault{});
    if (wanted.kind == fault_kind::bad_token_once) {
        auto token = bearer_token(current.received.find("authorization").value_or(""));
        refused_token_ = refused_token_.empty() ? std::string(token) : refused_token_;
        wanted.kind = token == refused_token_ ? fault_kind::bad_token : fault_kind::pass;
    }
    plan made;
    if (wanted.kind == fault_kind::pass || (reply.status >= 400 && current.resource)) {
        made = to_plan(reply);
    } else {
        error_scene scene{.form = current.form, .model = current.model};
        std::string resource;
        std::string rpc;
        if (current.resource) {
            auto const& path = *current.resource;
            scene.location = path.location;
            resource = resource_name(path);
            rpc = rpc_of(current);
            scene.resource = resource;
            scene.rpc = rpc;
        }
        auto error = error_answer(wanted, scene);
        count_refusal(error ? error->status : 0);
        made = bent_plan(wanted, error ? *error : reply);
    }
    made.chat = current.chat;
    return made;
}

} // namespace vertex_relay::simulator
