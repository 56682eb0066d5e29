#pragma once
// Reads one file of the credential search, and says precisely why it cannot.

#include "core/google/lookup_file.hpp"

#include <string>

namespace vertex_relay::io {

/// At most `credential_file_bytes_max` bytes of a regular file or a pipe, whose writer has 1 s to
/// finish; never a device. No copy of the text is left behind. `sibling` is looked for only when
/// `path` is missing; empty: nothing to look for. Blocks as long as the disk does.
core::google::file_outcome read_credential_file(std::string const& path,
                                                std::string const& sibling);

} // namespace vertex_relay::io
