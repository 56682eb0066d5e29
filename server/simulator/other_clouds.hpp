#pragma once
// The metadata services of machines in other clouds, beside Google's own on the same port: EC2
// (IMDSv2) and Azure (managed identity).

#include "simulator/answer.hpp"
#include "simulator/foreign_identity.hpp"
#include "simulator/request.hpp"

#include <optional>

namespace vertex_relay::simulator {

/// The answer below `/latest/` and `/metadata/`; nothing for any other path.
std::optional<answer> answer_other_cloud(request const& received, foreign_identity const& known);

} // namespace vertex_relay::simulator
