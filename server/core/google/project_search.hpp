#pragma once
// Finds the project when the configuration names none: GOOGLE_CLOUD_PROJECT, GCLOUD_PROJECT, the
// credential file, gcloud's active configuration, the metadata server. Driven like `discovery`.

#include "core/google/discovery.hpp"
#include "core/google/surroundings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vertex_relay::core::google {

/// Send `metadata_call(server, metadata_project_path)`; hand the text of a 200 to `metadata_said`,
/// or nothing.
struct ask_metadata {
    metadata_server server;
};

class project_search {
public:
    using action = std::variant<read_file, ask_metadata, search_ended>;

    /// `from` may be null (no credentials yet); it is not kept.
    project_search(std::string configured, environment variables, credential const* from);

    action next() const { return next_; }
    void file_read(file_outcome outcome);
    void metadata_said(std::optional<std::string> text);

    /// After `search_ended`. Empty value: nowhere, or, with an origin, that place holds something
    /// that is no project id; `steps` says what.
    found_setting const& found() const { return found_; }
    std::vector<lookup_step> const& steps() const { return steps_; }

private:
    void read_configuration(std::string_view name);
    void try_metadata();
    bool accept(std::string_view value, std::string origin);

    std::string directory_;
    std::string configuration_;
    std::optional<metadata_server> server_;
    action next_ = search_ended{};
    found_setting found_;
    std::vector<lookup_step> steps_;
};

/// For people whose project was not found: a command, a variable or a line of a file each.
std::vector<std::string> ways_to_name_a_project();

/// `project` of section `[core]` in gcloud's INI text; empty if there is none.
std::string project_in_configuration(std::string_view ini);

} // namespace vertex_relay::core::google
