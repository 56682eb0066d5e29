// What Google says about the time of the next try.

#include "core/vertex/google_error.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace vertex_relay::core;
using std::chrono::seconds;

namespace {

failure read(std::string_view delay, std::string_view header = {}) {
    auto body = fmt::format(
        R"([{{"error":{{"code":429,"message":"Resource exhausted.","status":"RESOURCE_EXHAUSTED",)"
        R"("details":[{{"@type":"type.googleapis.com/google.rpc.RetryInfo",)"
        R"("retryDelay":"{}"}}]}}}}])",
        delay);
    return read_google_error({.status = 429,
                              .content_type = "application/json",
                              .retry_after = header,
                              .body = body},
                             {});
}

} // namespace

TEST_CASE("a delay of RetryInfo is rounded up to seconds", "[vertex][retry]") {
    struct row {
        std::string_view delay;
        std::int64_t wanted;
    };
    for (auto [delay, wanted] :
         {row{"13s", 13}, row{"13.5s", 14}, row{"13.000s", 13}, row{"0.25s", 1},
          row{"0.000000001s", 1}, row{"0s", 0}, row{"", 0}, row{"s", 0}, row{".5s", 0},
          row{"-5s", 0}, row{"99999999999s", 0}, row{"soon", 0},
          row{"4294967295.9s", 4'294'967'296}}) {
        CAPTURE(delay);
        auto why = read(delay);
        CHECK(why.retry_after == seconds(wanted));
        CHECK((why.retry == retry_advice::later) == (why.retry_after.count() > 0));
    }
}

TEST_CASE("the header wins over the detail", "[vertex][retry]") {
    CHECK(read("13s", "7").retry_after == seconds(7));
    CHECK(read("13s", "0").retry_after == seconds(13));
    CHECK(read("13s", "Wed, 21 Oct 2026 07:28:00 GMT").retry_after == seconds(13));
}
