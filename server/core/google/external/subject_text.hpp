#pragma once
// A subject token in the text of a file or an answer, and the failures of the places it comes from.

#include "core/google/external/subject_search.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace vertex_relay::core::google {

/// The whole text without white space around it, or the member of a JSON object. `place` begins the
/// sentence of a failure: a text without a token passes by itself (it is being written), one in
/// another format does not.
std::expected<subject_token, token_error> find_subject(credential const& from,
                                                       std::string_view text,
                                                       subject_format const& format,
                                                       std::string const& place);

/// A file named by the credential file could not be read. `what` is `subject token file`; a missing
/// one may be mounted yet, so that this is a slow failure.
token_error explain_source_file(credential const& from, std::string_view what,
                                std::string const& path, file_outcome const& outcome);

} // namespace vertex_relay::core::google
