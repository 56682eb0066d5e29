#include "io/answer_body.hpp"

namespace vertex_relay::io {

namespace {

constexpr std::size_t head_bytes_max = 64 * 1024;
constexpr int interim_max = 8;

core::failure broke_off(fiber& sleeper) {
    if (sleeper.stopped() == cause::deadline) {
        return {.status = 504,
                .type = "upstream_error",
                .code = "upstream_timeout",
                .message = "Vertex AI did not begin to answer in time "
                           "(upstream.first_byte_timeout_ms).",
                .retry = core::retry_advice::never};
    }
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_reset",
            .message = "Vertex AI closed the connection before it answered. Try again."};
}

core::failure protocol_error(std::string message) {
    return {.status = 502,
            .type = "upstream_error",
            .code = "upstream_protocol_error",
            .message = std::move(message)};
}

/// Drops leading interim heads (RFC 9110 section 15.2); false if there are too many or a 101.
bool skip_interim(std::string& bytes, std::size_t size, unsigned status, int& skipped) {
    bytes.erase(0, size);
    return status != 101 && ++skipped <= interim_max;
}

} // namespace

task<core::result<answer_start>> read_answer_start(fiber& sleeper, connection& line) {
    auto bytes = std::make_unique<std::string>();
    std::span<char> fresh; // the first read, as long as nothing of it is in `bytes`
    std::size_t scanned = 0;
    int skipped = 0;
    while (true) {
        bool first = !fresh.empty();
        auto seen = first ? std::string_view(fresh.data(), fresh.size()) : std::string_view(*bytes);
        auto scan = core::find_head_end(seen, scanned);
        bool whole = scan.verdict == core::head_scan::verdict::complete;
        if (whole && scan.size <= head_bytes_max) {
            if (first) { // nearly always: what is behind the head need not move
                bytes->assign(seen.substr(0, scan.size));
            }
            auto head = core::parse_response_head(std::string_view(*bytes).substr(0, scan.size));
            if (!head) {
                co_return std::unexpected(std::move(head.error()));
            }
            if (head->status >= 200) {
                auto rest = first ? fresh.subspan(scan.size) : line.scratch(seen.substr(scan.size));
                co_return answer_start{std::move(*head), std::move(bytes), rest};
            }
            if (first) {
                bytes->assign(seen); // where the head's views end
                fresh = {};
            }
            if (!skip_interim(*bytes, scan.size, head->status, skipped)) {
                co_return std::unexpected(protocol_error("Vertex AI sent unexpected 1xx answers."));
            }
            scanned = 0;
            continue;
        }
        if (scan.verdict == core::head_scan::verdict::malformed) {
            co_return std::unexpected(
                protocol_error("Vertex AI sent something that is not an HTTP answer."));
        }
        if (seen.size() > head_bytes_max) {
            co_return std::unexpected(
                protocol_error("Vertex AI sent an answer with a head larger than 64 KiB."));
        }
        scanned = seen.size();
        bytes->append(fresh.data(), fresh.size());
        fresh = {};
        auto got = line.read();
        while (got.status == io_status::again) {
            if (sleeper.stopped() != cause::none) {
                co_return std::unexpected(broke_off(sleeper));
            }
            co_await sleeper.sleep();
            got = line.read();
        }
        if (got.status != io_status::ok) {
            co_return std::unexpected(broke_off(sleeper));
        }
        line.answered = true;
        if (bytes->empty()) {
            fresh = got.bytes;
        } else {
            bytes->append(got.bytes.data(), got.bytes.size());
        }
    }
}

task<answer_body> read_answer_body(fiber& sleeper, connection& line, answer_start const& start,
                                   answer_room room) {
    answer_body out{core::body_decoder(start.head.framing, start.head.content_length), {}};
    if (start.head.framing == core::body_framing::length) {
        out.text.reserve(std::min(start.head.content_length, room.most));
    }
    auto& decoder = out.decoder;
    auto take = [&](std::span<char> bytes) {
        decoder.decode({bytes.data(), bytes.size()},
                       [&](std::string_view payload) { out.text += payload; });
    };
    take(start.rest);
    while (!decoder.complete() && !decoder.failed()) {
        if (!room.fits(out.text.size())) {
            out.overflows = true;
            break;
        }
        auto got = line.read();
        if (got.status == io_status::again) {
            if (sleeper.stopped() != cause::none) {
                break;
            }
            co_await sleeper.sleep();
            continue;
        }
        if (got.status == io_status::end) {
            decoder.end();
        }
        if (got.status != io_status::ok) {
            break;
        }
        take(got.bytes);
    }
    out.complete = decoder.complete();
    co_return out;
}

} // namespace vertex_relay::io
