#pragma once
// Faults of the wire: they take a good answer and send it badly.

#include "simulator/answer.hpp"
#include "simulator/fault_catalogue.hpp"

namespace vertex_relay::simulator {

/// Faults that do not concern the wire give the ordinary plan.
plan bent_plan(fault const& wanted, answer const& reply);

} // namespace vertex_relay::simulator
