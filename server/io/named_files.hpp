#pragma once
// The files and groups that settings name: what cannot be had is a wrong configuration, found by
// `check-config` as by `serve`.

#include "core/config/config.hpp"
#include "core/secret.hpp"
#include "core/vertex/catalogue.hpp"
#include "core/vertex/price_table.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// A sentence that begins with the setting.
struct configuration_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `access.api_key_file`; null if none is set. Throws configuration_error, as do all of these.
std::shared_ptr<core::secret const> read_key(std::string const& path);

/// `catalogue_file`, or the one built in.
core::catalogue read_catalogue(std::string const& path);

/// `prices_file`, or the one built in.
core::price_table read_prices(std::string const& path);

/// Empties those of `settings` that cannot be had, and says why: key, catalogue, prices,
/// `upstream.ca_file`, `access.allow_group`. Throws nothing.
std::vector<std::string> leave_out_unusable(core::config& settings);

/// Looks at the same; the exception has the first fault.
void check_named_files(core::config const& settings);

} // namespace vertex_relay::io
