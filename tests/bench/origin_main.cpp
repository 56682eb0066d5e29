// bench_origin: see origin.hpp. Prints `origin PORT` once it accepts.

#include "origin.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace vertex_relay::bench;

constexpr const char* usage =
    "usage: bench_origin --certificate FILE --key FILE [--port N]\n"
    "                    [--path TARGET] [--authorization VALUE]\n"
    "Answers chat completions and POST /token on https://127.0.0.1:PORT.\n";

struct arguments {
    std::string certificate;
    std::string key;
    std::uint16_t port = 0;
    origin_options origin{
        .path = "/v1/projects/bench-project/locations/global/endpoints/openapi/chat/completions",
        .authorization = "Bearer up-token"};
};

arguments read(int count, char** words) {
    arguments given;
    for (int at = 1; at < count; at += 2) {
        const std::string_view name = words[at];
        if (at + 1 == count) {
            die(usage);
        }
        const std::string value = words[at + 1];
        if (name == "--certificate") {
            given.certificate = value;
        } else if (name == "--key") {
            given.key = value;
        } else if (name == "--port") {
            given.port = static_cast<std::uint16_t>(std::strtoul(value.c_str(), nullptr, 10));
        } else if (name == "--path") {
            given.origin.path = value;
        } else if (name == "--authorization") {
            given.origin.authorization = value;
        } else {
            die(usage);
        }
    }
    return given;
}

} // namespace

int main(int count, char** words) {
    const arguments given = read(count, words);
    raise_descriptor_limit();
    const tls_settings settings = server_settings(given.certificate, given.key);
    const unique_fd listener = listen_loopback(given.port);
    origin server(listener.get(), *settings, given.origin);
    std::printf("origin %u\n", unsigned{local_port(listener.get())});
    std::fflush(stdout);
    server.run();
}
