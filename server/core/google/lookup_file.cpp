#include "core/google/lookup_file.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

namespace vertex_relay::core::google {
namespace {

std::string setting_name(path_source from) {
    switch (from) {
    case path_source::option:
        return "google.credentials";
    case path_source::variable:
        return "GOOGLE_APPLICATION_CREDENTIALS";
    case path_source::well_known:
        break;
    }
    return "the gcloud login file";
}

std::string named(named_path const& at) {
    return at.from == path_source::well_known ? "The gcloud login file " + at.path
                                              : setting_name(at.from) + "=" + at.path;
}

core::failure explain_missing(named_path const& at) {
    return credentials_refused(
        "file_missing",
        named(at) + " does not exist inside this process. Correct the path; in a container, mount "
                    "the file there. `gcloud auth application-default login` writes one.");
}

core::failure explain_directory(named_path const& at) {
    return credentials_refused(
        "is_directory",
        named(at) + " is a directory. Docker creates one when the mounted host file does not "
                    "exist: run `gcloud auth application-default login` on the host, `rmdir` the "
                    "directory, mount the file again (Windows hosts: in %APPDATA%\\gcloud).");
}

core::failure explain_unreadable(named_path const& at, file_outcome const& outcome) {
    std::string why = outcome.mode != 0
                          ? fmt::format(": it has mode {:04o} and belongs to uid {}, the relay "
                                        "runs as uid {}",
                                        outcome.mode, outcome.owner_uid, outcome.process_uid)
                          : fmt::format(": permission denied for uid {}", outcome.process_uid);
    return credentials_refused("unreadable",
                               named(at) + " cannot be read" + why +
                                   ". Run the relay as the owner (containers: "
                                   "`--user $(id -u)`), or give it a copy it may read.");
}

} // namespace

token_error explain_file(named_path const& at, file_outcome const& outcome) {
    switch (outcome.what) {
    case file_outcome::kind::not_found:
        return permanent_error(explain_missing(at));
    case file_outcome::kind::is_directory:
        return permanent_error(explain_directory(at));
    case file_outcome::kind::unreadable:
        return permanent_error(explain_unreadable(at, outcome));
    case file_outcome::kind::too_large:
        return permanent_error(credentials_refused(
            "bad_file", named(at) + " is larger than 1 MiB, so it is no credential file. Correct "
                                    "the path."));
    case file_outcome::kind::text:
    case file_outcome::kind::failed:
        break;
    }
    return permanent_error(credentials_refused(
        "unreadable", named(at) + " cannot be read: " + quoted_text(outcome.reason) + "."));
}

std::optional<token_error> explain_odd_path(named_path const& at) {
    auto value = std::string_view(at.path);
    auto first = value.find_first_not_of(" \t\r\n");
    char head = first == std::string_view::npos ? '\0' : value[first];
    std::string fault;
    if (head == '{') {
        fault = " holds JSON text. It must be the path of a file that holds it.";
    } else if (head == '"' || head == '\'') {
        fault = " has quotes inside its value. Remove them; .env files and Docker keep quotes.";
    } else if (value.starts_with('~')) {
        fault = " begins with `~`, which only a shell expands. Write the whole path.";
    } else if (value.size() > 2 && ascii::is_alpha(value[0]) && value[1] == ':' &&
               (value[2] == '\\' || value[2] == '/')) {
        fault = " is a Windows path, which does not exist on Linux. In WSL write /mnt/c/..., in a "
                "container the path the file is mounted at.";
    } else {
        return std::nullopt;
    }
    return permanent_error(credentials_refused("file_missing", setting_name(at.from) + fault));
}

} // namespace vertex_relay::core::google
