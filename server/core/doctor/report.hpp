#pragma once
// What `doctor` prints.

#include "core/doctor/check.hpp"

#include <span>

namespace vertex_relay::core::doctor {

enum class report_style : unsigned char { plain, coloured, json };

/// One block for each check and a last line that counts, or one JSON object:
/// `{"ok":true,"checks":[{"name","outcome":"ok|failed|skipped","found","remedy","steps"}]}`.
std::string report(std::span<check const> checks, report_style style);

/// 0 if no check failed, else 1.
int exit_code(std::span<check const> checks);

} // namespace vertex_relay::core::doctor
