#include "net/upload.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::tests {

std::string random_chunks(std::string_view body, std::mt19937& random) {
    static constexpr std::array<std::string_view, 5> extensions{"", ";a", ";a=b", ";q=\"x\"",
                                                                " ;e"};
    std::size_t extended = 0; // bytes; the relay takes 4096 of them
    auto size_max = std::max<std::size_t>(body.size() / 8, 2);
    std::string out;
    out.reserve(body.size() + body.size() / 4 + 1024);
    while (!body.empty()) {
        auto size = std::min(body.size(), 1 + random() % (random() % 4 == 0 ? 7 : size_max));
        auto extension = extended < 2048 ? extensions[random() % extensions.size()] : "";
        extended += extension.size();
        out += random() % 2 == 0 ? fmt::format("{:x}", size) : fmt::format("{:05X}", size);
        out.append(extension).append("\r\n").append(body.substr(0, size)).append("\r\n");
        body.remove_prefix(size);
    }
    auto trailers = random() % 2 == 0 ? "" : "X-Checksum: abc\r\nx-empty:\r\n";
    return out.append("0").append(extended % 2 == 0 ? "" : ";last").append("\r\n").append(trailers)
        .append("\r\n");
}

std::string post_chunked(std::string_view chunks) {
    return fmt::format("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                       "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                       chunks);
}

} // namespace vertex_relay::tests
