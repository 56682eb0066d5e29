#pragma once
// What reading a credential file came to, as told by the io layer, and what that means to the user.

#include "core/google/credential_failure.hpp"
#include "core/secret.hpp"

#include <cstdint>
#include <string>

namespace vertex_relay::core::google {

/// Read `path`; if it is missing, say in `file_outcome::sibling_exists` whether `sibling` exists.
struct read_file {
    std::string path;
    std::string sibling = {}; ///< empty: nothing to look for
};

/// How to read: O_CLOEXEC, regular files and FIFOs, at most `credential_file_bytes_max` bytes.
struct file_outcome {
    enum class kind { text, not_found, is_directory, unreadable, too_large, failed };

    kind what = kind::failed;
    secret text = {};              ///< with `text`
    std::uint32_t owner_uid = 0;   ///< with `unreadable` (EACCES), from stat if that works
    std::uint32_t process_uid = 0; ///< with `unreadable`
    std::uint32_t mode = 0;        ///< with `text` and `unreadable`: permissions, 0 if unknown
    std::string reason = {};       ///< with `failed`: the system's text
    bool sibling_exists = false;   ///< whether `read_file::sibling` exists; only used if not found
};

/// One line of `print-token --explain`.
struct lookup_step {
    std::string place;  ///< `GOOGLE_APPLICATION_CREDENTIALS`, a path, `metadata server …`
    std::string result; ///< `not set`, `not found`, `used`, or what is wrong
};

/// Where the path came from decides the advice.
enum class path_source { option, variable, well_known };

struct named_path {
    path_source from = path_source::option;
    std::string path;
};

/// The failure for any outcome but `text`; `google_credentials_` + file_missing, is_directory,
/// unreadable or bad_file. A missing well-known file is no failure: do not ask.
token_error explain_file(named_path const& at, file_outcome const& outcome);

/// A value that cannot be a path: JSON text, quotes, `~`, a Windows path. Checked before any read,
/// so that secrets pasted into the variable are never echoed. Null if the value may be a path.
std::optional<token_error> explain_odd_path(named_path const& at);

} // namespace vertex_relay::core::google
