#pragma once
// `GET /metrics`: what all workers have counted and what is under way.

#include "io/service.hpp"

#include <string>

namespace vertex_relay::io {

/// Any thread.
std::string metrics_page(service const& shared);

} // namespace vertex_relay::io
