#pragma once
// What all workers share: a settled configuration, immutable and replaced as a whole, and what is
// counted with atomics.

#include "core/config/config.hpp"
#include "core/gemini/repair.hpp"
#include "core/http/edge.hpp"
#include "core/vertex/price_table.hpp"
#include "core/vertex/route_table.hpp"
#include "io/egress_settings.hpp"
#include "io/followers.hpp"
#include "io/log.hpp"
#include "io/meter_board.hpp"
#include "io/signature_store.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

namespace vertex_relay::io {

class token_source;

struct gauges {
    std::atomic<std::size_t> connections = 0;
    std::atomic<std::size_t> streams = 0;        ///< exchanges with Vertex AI under way
    std::atomic<std::size_t> buffered_bytes = 0; ///< bodies and long answers in memory
    std::atomic<bool> draining = false;
    meter_board meters;
    io::followers followers; ///< of `GET /requests`

    // Counted by the control loop.
    core::counter tokens_renewed;
    core::counter token_failures;
    core::counter reloads;
    core::counter reload_failures; ///< what was read could not be used

    std::chrono::system_clock::time_point const started = std::chrono::system_clock::now();
};

/// Which listener a client came to.
enum class door : unsigned char { main, admin };

struct service {
    core::config settings;
    core::edge_rules edge;       ///< of the main listeners
    core::edge_rules admin_edge; ///< of `admin.listen`
    core::route_table routes;
    core::price_table prices;
    std::string quota_project; ///< configured; `none`: never sent; empty: what the file says
    core::deployment where;    ///< of the hosts in `routes`
    core::repair_set repairs;  ///< those that are not disabled
    std::shared_ptr<egress_settings> egress;
    std::shared_ptr<token_source> tokens;
    signature_store& signatures;
    log const& logs;
    gauges& load;

    core::edge_rules const& rules_at(door came_by) const {
        return came_by == door::admin ? admin_edge : edge;
    }
};

/// Adds to a gauge for as long as it lives.
class counted {
public:
    counted(std::atomic<std::size_t>& gauge, std::size_t amount)
        : gauge_(&gauge), amount_(amount),
          total_(gauge.fetch_add(amount, std::memory_order_relaxed) + amount) {}
    counted(counted&& other) noexcept
        : gauge_(std::exchange(other.gauge_, nullptr)), amount_(other.amount_),
          total_(other.total_) {}
    counted& operator=(counted&&) = delete;
    ~counted() {
        if (gauge_ != nullptr) {
            gauge_->fetch_sub(amount_, std::memory_order_relaxed);
        }
    }
    /// The gauge right after adding.
    std::size_t total() const { return total_; }

private:
    std::atomic<std::size_t>* gauge_;
    std::size_t amount_;
    std::size_t total_;
};

} // namespace vertex_relay::io
