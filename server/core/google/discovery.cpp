#include "core/google/discovery.hpp"

#include "core/ascii.hpp"

#include <utility>

namespace vertex_relay::core::google {
namespace {

constexpr std::string_view variable_name = "GOOGLE_APPLICATION_CREDENTIALS";
constexpr std::string_view well_known_name = "/application_default_credentials.json";
constexpr std::string_view places_follow = " Looked at: ";

/// google-auth blocks the metadata server for the literal `true` only; `1` is what people write.
bool is_yes(std::string_view text) {
    return text == "1" || ascii::iequals(text, "true") || ascii::iequals(text, "yes");
}

std::string place(metadata_server const& server) {
    return "metadata server " + server.host + ":" + std::to_string(server.port);
}

credential metadata_credential(metadata_server server) {
    return {.source = std::move(server), .origin = "metadata server"};
}

} // namespace

std::string gcloud_directory(environment const& variables) {
    if (auto directory = variables.get("CLOUDSDK_CONFIG"); !directory.empty()) {
        return std::string(directory);
    }
    auto home = variables.get("HOME");
    return home.empty() ? std::string{} : std::string(home) + "/.config/gcloud";
}

discovery::discovery(discovery_settings settings, environment variables)
    : settings_(std::move(settings)), variables_(std::move(variables)) {
    start();
}

void discovery::start() {
    auto const& wanted = settings_.credentials;
    if (wanted.empty() || wanted == "adc") {
        try_variable();
    } else if (wanted == "metadata") {
        auto server = find_metadata_server(variables_, settings_.product_name);
        if (!server) {
            steps_.push_back({"metadata server", server.error().failure.message});
            return fail(std::move(server.error()));
        }
        server->assumed = true;
        steps_.push_back({place(*server), "used, because google.credentials says so"});
        accept(metadata_credential(std::move(*server)));
    } else if (wanted == "gcloud") {
        steps_.push_back({"gcloud", "used, because google.credentials says so"});
        accept({.source = gcloud_login{}, .origin = "gcloud"});
    } else {
        read(path_source::option, wanted);
    }
}

void discovery::try_variable() {
    auto path = variables_.get(variable_name);
    if (path.empty()) {
        steps_.push_back({std::string(variable_name), "not set"});
        return try_well_known();
    }
    read(path_source::variable, std::string(path));
}

void discovery::try_well_known() {
    auto directory = gcloud_directory(variables_);
    if (directory.empty()) {
        steps_.push_back({"gcloud login file", "neither CLOUDSDK_CONFIG nor HOME is set"});
        return try_metadata();
    }
    read(path_source::well_known, directory + std::string(well_known_name),
         directory + "/credentials.db");
}

void discovery::read(path_source from, std::string path, std::string sibling) {
    reading_ = {.from = from, .path = path};
    if (auto odd = explain_odd_path(reading_)) {
        auto name = from == path_source::variable ? variable_name : "credential file";
        steps_.push_back({std::string(name), odd->failure.message});
        return fail(std::move(*odd));
    }
    watched_.push_back(path);
    next_ = read_file{.path = std::move(path), .sibling = std::move(sibling)};
}

void discovery::file_read(file_outcome outcome) {
    if (!std::holds_alternative<read_file>(next_)) {
        return;
    }
    if (outcome.what == file_outcome::kind::not_found &&
        reading_.from == path_source::well_known) {
        gcloud_login_only_ = outcome.sibling_exists;
        steps_.push_back({reading_.path, "not found"});
        return try_metadata();
    }
    if (outcome.what != file_outcome::kind::text) {
        auto error = explain_file(reading_, outcome);
        steps_.push_back({reading_.path, error.failure.message});
        return fail(std::move(error));
    }
    auto found = parse_credential(outcome.text.reveal(), reading_.path, settings_.rules);
    if (!found) {
        steps_.push_back({reading_.path, found.error().failure.message});
        return fail(std::move(found.error()));
    }
    // No failure: containers mount secrets so on purpose.
    auto open = (outcome.mode & 077U) != 0 ? "; others than its owner may read it (chmod 600)" : "";
    steps_.push_back({reading_.path, "used: " + describe(*found) + open});
    accept(std::move(*found));
}

void discovery::try_metadata() {
    if (is_yes(variables_.get("NO_GCE_CHECK"))) {
        steps_.push_back({"metadata server", "not tried, NO_GCE_CHECK is set"});
        return nothing_found();
    }
    auto server = find_metadata_server(variables_, settings_.product_name);
    if (!server) {
        steps_.push_back({"metadata server", server.error().failure.message});
        return fail(std::move(server.error()));
    }
    if (server->assumed) {
        steps_.push_back({place(*server), "used, no probe needed"});
        return accept(metadata_credential(std::move(*server)));
    }
    next_ = probe_metadata{.server = std::move(*server)};
}

void discovery::probed(probe_outcome outcome) {
    auto const* probe = std::get_if<probe_metadata>(&next_);
    if (probe == nullptr) {
        return;
    }
    auto server = probe->server;
    // GKE's own server may answer without the header while it starts.
    bool in_cluster = variables_.has("KUBERNETES_SERVICE_HOST");
    if (outcome == probe_outcome::google || (outcome == probe_outcome::other && in_cluster)) {
        steps_.push_back({place(server), "used"});
        return accept(metadata_credential(std::move(server)));
    }
    steps_.push_back({place(server), outcome == probe_outcome::other
                                         ? "answers, but is not Google's"
                                         : "no answer, so this is no Google machine"});
    nothing_found();
}

void discovery::nothing_found() {
    std::string looked;
    for (auto const& step : steps_) {
        looked += looked.empty() ? places_follow : "; ";
        looked += step.place + ": " + step.result;
    }
    looked += '.';
    if (gcloud_login_only_) {
        return fail(slow_error(credentials_refused(
            "not_found", "You are signed in to gcloud, but applications need a second login: run "
                         "`gcloud auth application-default login`, or set google.credentials = "
                         "\"gcloud\" to use the first one." +
                             looked)));
    }
    fail(slow_error(credentials_refused(
        "not_found", "No Google credentials found. Run `gcloud auth application-default login`, "
                     "or set GOOGLE_APPLICATION_CREDENTIALS to a service account key file, or run "
                     "on Google Cloud with a service account attached." +
                         looked)));
}

void discovery::accept(credential found) {
    outcome_ = std::move(found);
    next_ = search_ended{};
}

void discovery::fail(token_error error) {
    outcome_ = std::unexpected(std::move(error));
    next_ = search_ended{};
}

std::string_view without_places(std::string_view message) {
    return message.substr(0, message.find(places_follow));
}

std::expected<credential, token_error> discovery::take() {
    auto outcome = std::exchange(outcome_, std::nullopt);
    if (!outcome) {
        return std::unexpected(
            transient_error(credentials_unavailable("Google credentials are being looked up.")));
    }
    return std::move(*outcome);
}

} // namespace vertex_relay::core::google
