#pragma once
// What one worker serves by until the next reload. An exchange keeps the one it began with to its
// end, so that no request ever sees halves of two configurations.

#include "io/upstream_side.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace vertex_relay::io {

class worker;

/// Belongs to one worker's thread.
class snapshot {
public:
    snapshot(worker& owner, std::shared_ptr<service const> settled,
             std::shared_ptr<upstream_side> way)
        : at(owner), shared(*settled), upstream(std::move(way)), settled_(std::move(settled)) {}
    snapshot(snapshot const&) = delete;
    snapshot& operator=(snapshot const&) = delete;

    /// `routes.resolve`, remembered for names that were asked for before.
    core::result<std::shared_ptr<core::target const>>
    route(std::optional<std::string> const& model);

    worker& at;
    service const& shared; ///< the same in all workers
    std::shared_ptr<upstream_side> const upstream;

private:
    std::shared_ptr<service const> settled_; ///< owns `shared`
    std::unordered_map<std::string, std::shared_ptr<core::target const>> routes_;
};

} // namespace vertex_relay::io
