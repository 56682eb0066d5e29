// The parts of the command line that touch the process: its environment and files.

#include "cli.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

#include <unistd.h>

namespace vertex_relay {

environment process_environment() {
    environment variables;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        std::string_view text(*entry);
        auto equals = text.find('=');
        if (equals != std::string_view::npos) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

std::expected<std::string, std::error_code> read_text_file(std::string const& path) {
    constexpr std::size_t size_max = 1024 * 1024;
    auto fail = [](int code) {
        return std::unexpected(std::error_code(code, std::generic_category()));
    };
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    if (!file) {
        return fail(errno);
    }
    std::string text;
    std::array<char, 4096> buffer;
    while (auto count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
        text.append(buffer.data(), count);
        if (text.size() > size_max) {
            return fail(EFBIG);
        }
    }
    if (std::ferror(file.get()) != 0) {
        return fail(errno); // a directory opens, but EISDIR comes on reading
    }
    return text;
}

} // namespace vertex_relay
