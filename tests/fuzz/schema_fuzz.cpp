// Any JSON Schema becomes one that the simulator's own reader of Google's subset accepts, or one
// clear error; converting that again changes nothing, and its length is bounded.

#include "fuzz/fuzz.hpp"
#include "support/schema_promise.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto schema = text_of(bytes, size);
    for (auto purpose : {core::schema_purpose::parameters, core::schema_purpose::response}) {
        auto broken = broken_promise(schema, purpose);
        require(broken.empty(), broken);
    }
    return 0;
}
