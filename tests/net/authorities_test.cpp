// Whom the relay trusts, when the files that say so cannot be read.

#include "io/tls.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

/// No file can be opened while this lives.
class no_descriptors {
public:
    no_descriptors() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::close(next);
        rlimit none{static_cast<rlim_t>(next), before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~no_descriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    no_descriptors(no_descriptors const&) = delete;
    no_descriptors& operator=(no_descriptors const&) = delete;

private:
    rlimit before_{};
};

} // namespace

TEST_CASE("a bundle that no descriptor is left for is told", "[tls]") {
    using vertex_relay::io::make_client_context;
    auto context = [] { // the sanitizers' own checks need descriptors, too
        no_descriptors out_of_them;
        return make_client_context({});
    }();
    REQUIRE_FALSE(context);
    CHECK(context.error().find("Too many open files") != std::string::npos);
    CHECK(make_client_context({}));
}
