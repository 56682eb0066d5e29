#pragma once
// Finds credentials in Google's order: what the operator named, GOOGLE_APPLICATION_CREDENTIALS, the
// well-known file of gcloud, the metadata server. A set but broken step ends the search.
//
// It does nothing itself. Drive it like this:
//
//     discovery search(settings, environment);
//     for (;;) {
//         auto action = search.next();
//         if (auto* read = std::get_if<read_file>(&action)) { search.file_read(read it); }
//         else if (auto* probe = std::get_if<probe_metadata>(&action)) { search.probed(probe it); }
//         else { break; }          // search_ended
//     }
//     auto credential = search.take();

#include "core/google/credential_file.hpp"
#include "core/google/environment.hpp"
#include "core/google/lookup_file.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

struct discovery_settings {
    std::string credentials = "adc"; ///< `google.credentials`: `adc`, `metadata`, `gcloud`, a path
    std::string impersonate = {};    ///< `google.impersonate_service_account`, for `impersonate`
    credential_rules rules = {};
    std::string product_name = {};   ///< /sys/class/dmi/id/product_name, empty if unreadable
};

/// Send `metadata_call(server, "/")` once: 1 s to connect, 3 s in all, no proxy, no redirects.
struct probe_metadata {
    metadata_server server;
};

struct search_ended {};

enum class probe_outcome {
    google,      ///< status 200 with the header `Metadata-Flavor: Google`
    other,       ///< something answered, but not like that
    unreachable, ///< refused, no route, or no answer in time
};

class discovery {
public:
    using action = std::variant<read_file, probe_metadata, search_ended>;

    discovery(discovery_settings settings, environment variables);

    /// What to do now; the same answer until the outcome is given.
    action next() const { return next_; }
    void file_read(file_outcome outcome);
    void probed(probe_outcome outcome);

    /// After `search_ended`, once. `google_credentials_not_found` lists every place looked at.
    std::expected<credential, token_error> take();

    /// Every step so far, in order; kept after `take`.
    std::vector<lookup_step> const& steps() const { return steps_; }

    /// Every path read or tried: when one of them changes, search again.
    std::vector<std::string> const& watched_paths() const { return watched_; }

private:
    void start();
    void try_variable();
    void try_well_known();
    void try_metadata();
    void read(path_source from, std::string path, std::string sibling = {});
    void accept(credential found);
    void fail(token_error error);
    void nothing_found();

    discovery_settings settings_;
    environment variables_;
    action next_ = search_ended{};
    named_path reading_;
    std::optional<std::expected<credential, token_error>> outcome_;
    std::vector<lookup_step> steps_;
    std::vector<std::string> watched_;
    bool gcloud_login_only_ = false;
};

/// The message of `google_credentials_not_found` without the places, for those who list the steps.
std::string_view without_places(std::string_view message);

/// `$CLOUDSDK_CONFIG`, else `$HOME/.config/gcloud`, else empty.
std::string gcloud_directory(environment const& variables);

/// GCE_METADATA_HOST, else the older GCE_METADATA_ROOT (`host[:port]`), else Google's address.
/// `assumed` when a variable names it or the machine's product name is Google's.
/// A value that is not `host[:port]` is `google_credentials_bad_setting`.
std::expected<metadata_server, token_error> find_metadata_server(environment const& variables,
                                                                 std::string_view product_name);

} // namespace vertex_relay::core::google
