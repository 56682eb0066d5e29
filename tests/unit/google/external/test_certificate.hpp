#pragma once
// Self-signed certificates made at run time, so that no key lies in the repository.

#include <string>

namespace vertex_relay::test {

struct test_certificate {
    std::string pem;
    std::string key_pem;
    std::string der;
};

test_certificate make_test_certificate(std::string const& name);

} // namespace vertex_relay::test
