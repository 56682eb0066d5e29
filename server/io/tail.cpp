#include "io/tail.hpp"

#include "core/access_line.hpp"
#include "core/http/head.hpp"
#include "io/local_call.hpp"
#include "io/log_sink.hpp"
#include "io/named_files.hpp"
#include "io/service_setup.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdio>

namespace vertex_relay::io {

namespace {

/// What comes over one connection: a head, then lines.
class feed_reader {
public:
    feed_reader(std::string from, bool json)
        : from_(std::move(from)), json_(json), colours_(is_colour_terminal(STDOUT_FILENO)) {}

    /// False: enough.
    bool take(std::string_view bytes) {
        text_ += bytes;
        if (status_ == 0 && !read_head()) {
            return true;
        }
        return status_ != 200 || print_lines();
    }
    /// 0: no answer.
    unsigned status() const { return status_; }
    /// What is behind the head of a refusal.
    std::string const& rest() const { return text_; }

private:
    bool read_head() {
        auto end = core::find_head_end(text_);
        auto head = end.verdict == core::head_scan::verdict::complete
                        ? core::parse_response_head(std::string_view(text_).substr(0, end.size))
                        : std::unexpected(core::failure{});
        if (!head) {
            return false;
        }
        status_ = head->status;
        if (status_ == 200) {
            fmt::print(stderr, "following {}\n", from_);
        }
        text_.erase(0, end.size);
        return true;
    }

    bool print_lines() {
        for (auto end = text_.find('\n'); end != text_.npos; end = text_.find('\n')) {
            auto line = std::string_view(text_).substr(0, end);
            auto shown = json_ ? std::string(line) : core::access_line_for_people(line, colours_);
            std::puts(shown.c_str());
            text_.erase(0, end + 1);
        }
        return std::fflush(stdout) == 0; // else its reader has gone
    }

    std::string from_;
    bool json_;
    bool colours_;
    unsigned status_ = 0;
    std::string text_;
};

/// HTTP/1.0: lines come without framing, and the end is the end of the connection.
std::string request_with(core::secret const* key) {
    return fmt::format("GET /requests HTTP/1.0\r\nHost: localhost\r\n{}{}\r\n",
                       key != nullptr ? "Authorization: Bearer " : "",
                       key != nullptr ? std::string(key->reveal()) + "\r\n" : std::string());
}

} // namespace

int tail(core::config const& settings, bool json) {
    auto key = read_key(settings.access.api_key_file);
    for (auto const& wanted : listen_plan(settings)) {
        if (wanted.admin) {
            continue;
        }
        feed_reader reader(wanted.address.text(), json);
        bool heard = stream_from(wanted.address, request_with(key.get()),
                                 [&](std::string_view bytes) { return reader.take(bytes); });
        if (heard && reader.status() == 200) {
            std::fputs("the relay has ended the connection\n", stderr);
            return 0;
        }
        if (heard && reader.status() != 0) {
            fmt::print(stderr, "vertex-relay: {}: {}\n", wanted.address.text(), reader.rest());
            return 1;
        }
        if (!wanted.optional) {
            break;
        }
    }
    std::fputs("no answer: is the relay running, and on this address?\n", stderr);
    return 1;
}

} // namespace vertex_relay::io
