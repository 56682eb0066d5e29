#pragma once
// The metadata server of a Google Cloud machine (plain HTTP).

#include "simulator/answer.hpp"
#include "simulator/counters.hpp"
#include "simulator/request.hpp"
#include "simulator/token_endpoint.hpp"

namespace vertex_relay::simulator {

/// Like the real one it refuses requests without `Metadata-Flavor: Google` and requests that came
/// through a proxy (`X-Forwarded-For`), and returns the same token until 300 s before its end.
class metadata_server {
public:
    metadata_server(token_store& tokens, counters& seen, std::string project)
        : tokens_(tokens), seen_(seen), project_(std::move(project)) {}

    answer reply(request const& received, grant_terms terms);

private:
    answer token(grant_terms terms);

    token_store& tokens_;
    counters& seen_;
    std::string project_;
    std::string token_;
    token_store::time expiry_{};
};

} // namespace vertex_relay::simulator
