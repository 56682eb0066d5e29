#pragma once
// One small request to one target, for `doctor`.

#include "core/google/credential.hpp"
#include "core/google/instant.hpp"
#include "core/vertex/route_table.hpp"
#include "io/endpoint_directory.hpp"
#include "io/upstream_pool.hpp"

#include <optional>
#include <string>

namespace vertex_relay::io {

/// What all questions have in common; outlives them.
struct questioner {
    upstream_pool& pool;
    endpoint_directory& endpoints;
    core::google::credential const& from;
    core::secret const& token;
    std::string quota_project;
    core::route_table const& routes;
};

struct model_reply {
    core::result<std::string> answer; ///< `0.42 s`, or why there is none
    std::optional<core::google::seconds> clock_offset; ///< Google's clock minus ours, if it said
};

/// Costs at most one token of an answer. Waits for a connection as the pool does, then a minute.
task<model_reply> ask_model(fiber& sleeper, questioner& by, core::target const& where);

} // namespace vertex_relay::io
