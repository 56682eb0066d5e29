#pragma once
// Credentials for the targets that need some.

#include "core/google/credential_file.hpp"

#include <string>
#include <string_view>

namespace vertex_relay::tests {

/// A credential file in which the string "PRIVATE KEY" is replaced by a key made at run time: none
/// may lie in the repository.
std::string with_key(std::string file);

/// The file must be a credential.
core::google::credential credential_of(std::string_view file);

} // namespace vertex_relay::tests
