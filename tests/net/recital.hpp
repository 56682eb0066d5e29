#pragma once
// A relay in front of an origin that answers every request with the pieces the test lays out.

#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"

#include <semaphore>
#include <vector>

namespace vertex_relay::tests {

struct recital {
    std::vector<std::string> pieces; ///< of the answer, head included
    bool apart = false; ///< the relay reads each piece before the next one is sent
    bool close = false; ///< the connection's end ends the answer
};

class recital_rig {
public:
    explicit recital_rig(relay_rig::adjustment const& adjust = {})
        : origin_([this](origin_line& line) { serve(line); }),
          relay([&](core::config& settings, simulator::instance const& vertex) {
              if (adjust) {
                  adjust(settings, vertex);
              }
              origin_.stand_in(settings);
          }) {}

    /// What `client` gets for `request` when Vertex AI answers like this.
    http_answer play(relay_client& client, recital answer,
                     std::string const& request = chat(open_model, true)) {
        {
            std::scoped_lock lock(mutex_);
            next_ = std::move(answer);
        }
        auto got = client.ask(request);
        played_.try_acquire_for(patience); // the script must not outlive the relay it looks at
        return got;
    }
    std::size_t connections() const { return origin_.connections(); }

private:
    void serve(origin_line& line) {
        bool again = true;
        while (again && line.read()) {
            recital now;
            {
                std::scoped_lock lock(mutex_);
                now = next_;
            }
            for (auto const& piece : now.pieces) {
                line.send(piece);
                // The second turn of the relay's loop comes after it has seen the piece.
                for (int turn = 0; now.apart && turn < 2; ++turn) {
                    relay.on_worker([](io::worker&) {});
                }
            }
            played_.release();
            again = !now.close;
        }
    }

    std::mutex mutex_;
    recital next_;
    std::counting_semaphore<> played_{0};
    scripted_origin origin_;

public:
    relay_rig relay; ///< last, because it ends first
};

} // namespace vertex_relay::tests
