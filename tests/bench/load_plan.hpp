#pragma once
// A scenario by name, and the requests it sends.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vertex_relay::bench {

/// What a run does.
///
///   nsK        K closed-loop keep-alive connections, non-stream; nsK_100k: with 100 kB bodies
///   burstK     K closed-loop streams of 200 events as fast as they come
///   pK, pKxR   K streams opened once, R (20) events a second each
///   holdK      K streams opened once, one event in two seconds each: memory
///   body32m    one request of exactly 32 MiB, one long string; body32m_dense: a million messages
struct load_plan {
    enum class kind { plain, burst, paced, body };

    kind what = kind::plain;
    std::size_t connections = 1;
    double rate = 0;            ///< events per second and stream, for paced
    std::size_t body_bytes = 0; ///< 0: as it comes, about 560
    bool dense = false;

    bool streams() const { return what == kind::burst || what == kind::paced; }
};

std::optional<load_plan> read_plan(std::string_view name);

/// What differs between the requests of one run.
struct request_terms {
    std::string model;
    std::uint32_t nonce = 0;
};

/// What the measured server expects in the head.
struct request_place {
    std::string target;
    std::string authority; ///< value of Host
    std::string authorization;
};

/// Makes head and body, about 400 and 560 bytes unless the plan says otherwise.
class request_maker {
public:
    request_maker(const load_plan& plan, request_place place);
    std::string make(const request_terms& terms) const;

private:
    request_place place_;
    bool stream_;
    std::string rest_; // of the body, after model, stream and nonce
};

} // namespace vertex_relay::bench
