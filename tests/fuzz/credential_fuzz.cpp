// Any file is a credential or a permanent error in words. No credential sends a secret to a host
// that is not Google's, and its request has no field that could hold another.

#include "core/google/grant.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/samples.hpp"
#include "wire/storm_head.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;
namespace google = core::google;

namespace {

void check_call(google::token_call const& call) {
    require(call.scheme == "https" || call.direct, "a secret in the open");
    bool googles = call.host.ends_with(".googleapis.com") || call.direct;
    require(googles, "a secret to a stranger");
    require(is_storm_word(call.method) && call.target.starts_with('/'), "a request line");
    require(call.target.find_first_of(" \r\n") == call.target.npos, "a target that ends early");
    for (auto const& [name, value] : call.headers) {
        require(is_storm_word(name) && is_storm_value(value), "a field");
    }
    for (auto const& [name, value] : call.secret_headers) {
        require(is_storm_word(name) && is_storm_value(value.reveal()), "a secret field");
    }
}

bool needs_more(google::credential const& from) {
    return std::holds_alternative<google::external_account>(from.source) ||
           std::holds_alternative<google::gcloud_login>(from.source);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto text = with_key(text_of(bytes, size));
    auto read = google::parse_credential(text, "/fuzz.json", {});
    if (!read) {
        auto const& error = read.error();
        require(error.kind == google::failure_class::permanent, "a file does not mend itself");
        require(error.failure.code.starts_with("google_credentials_"), "its code");
        require(!error.failure.message.empty(), "its words");
        return 0;
    }
    require(google::describe(*read).find('\n') == std::string::npos, "a description of one line");
    if (needs_more(*read)) {
        return 0;
    }
    auto grant = google::make_grant(*read, google::seconds(1'800'000'000));
    if (grant && std::holds_alternative<google::token_call>(*grant)) {
        check_call(std::get<google::token_call>(*grant));
    }
    return 0;
}
