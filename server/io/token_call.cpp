#include "io/token_call.hpp"

#include "core/http/chunked.hpp"
#include "core/egress/connect_error.hpp"
#include "core/http/head.hpp"
#include "io/shorter_deadline.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>

namespace vertex_relay::io {

namespace {

using core::google::call_failure;
using core::google::call_fault;
using core::google::call_outcome;
using core::google::token_answer_bytes_max;

constexpr std::size_t head_bytes_max = 16 * 1024;

call_failure failed(call_fault fault, std::string detail) {
    return {.fault = fault, .detail = std::move(detail)};
}

call_failure from_connector(core::connect_error const& error,
                            core::google::token_call const& call) {
    using core::connect_fault;
    if (error.is_of_proxy()) {
        auto fault = error.fault == connect_fault::proxy_password ? call_fault::proxy_password
                     : error.is_lasting()                         ? call_fault::proxy_refused
                                                                  : call_fault::proxy_failed;
        return failed(fault, core::explain(error, call.host, call.port));
    }
    switch (error.fault) {
    case connect_fault::name_not_found: return failed(call_fault::name_not_found, error.detail);
    case connect_fault::timed_out: return failed(call_fault::timed_out, "no connection in time");
    case connect_fault::tls_untrusted: return failed(call_fault::tls_untrusted, error.detail);
    case connect_fault::tls_failed: return failed(call_fault::tls_failed, error.detail);
    default: return failed(call_fault::connect_failed, error.detail);
    }
}

core::secret request_head(core::google::token_call const& call, std::string const& authority) {
    auto head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", call.method, call.target, authority);
    std::size_t more = 64;
    for (auto const& [name, value] : call.headers) {
        more += name.size() + value.size() + 4;
    }
    for (auto const& [name, value] : call.secret_headers) {
        more += name.size() + value.reveal().size() + 4;
    }
    head.reserve(head.size() + more); // no outgrown copy may keep an Authorization header
    for (auto const& [name, value] : call.headers) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
    for (auto const& [name, value] : call.secret_headers) {
        head.append(name).append(": ").append(value.reveal()).append("\r\n");
    }
    if (!call.body.empty() || call.method != "GET") {
        head += fmt::format("Content-Length: {}\r\n", call.body.reveal().size());
    }
    head += "Connection: close\r\n\r\n";
    return core::secret(std::move(head));
}

/// Takes the answer in as it comes. Buffers are sized once, so that wiping them at the end leaves
/// no copy.
class answer_reader {
public:
    enum class progress : unsigned char { more, whole, malformed };

    answer_reader() {
        head_text_.reserve(head_bytes_max + wire_buffers::plain_bytes);
        body_.reserve(token_answer_bytes_max);
    }
    ~answer_reader() {
        OPENSSL_cleanse(head_text_.data(), head_text_.size());
        OPENSSL_cleanse(body_.data(), body_.size());
    }
    answer_reader(answer_reader const&) = delete;
    answer_reader& operator=(answer_reader const&) = delete;

    progress take(std::string_view bytes);
    /// The peer closed: fine where the framing says so.
    bool whole_at_close() const {
        return in_body_ && framing_ == core::body_framing::until_close;
    }
    std::string_view fault() const { return fault_; }
    core::google::token_response response() {
        answer_.body = core::secret(std::exchange(body_, {}));
        return std::move(answer_);
    }

private:
    progress take_head(std::string_view bytes);
    progress take_body(std::string_view bytes);
    progress take_chunks(std::string_view bytes);
    progress bad(std::string_view why) {
        fault_ = why;
        return progress::malformed;
    }

    core::google::token_response answer_;
    std::string head_text_;
    std::string body_;
    core::chunked_decoder chunks_;
    core::body_framing framing_ = core::body_framing::none;
    std::size_t length_ = 0;
    bool in_body_ = false;
    std::string_view fault_;
};

answer_reader::progress answer_reader::take(std::string_view bytes) {
    return in_body_ ? take_body(bytes) : take_head(bytes);
}

answer_reader::progress answer_reader::take_head(std::string_view bytes) {
    auto scanned = head_text_.size();
    head_text_.append(bytes);
    while (true) {
        auto scan = core::find_head_end(head_text_, scanned);
        if (scan.verdict == core::head_scan::verdict::malformed) {
            return bad("the answer is not HTTP");
        }
        bool whole = scan.verdict == core::head_scan::verdict::complete;
        if (whole ? scan.size > head_bytes_max : head_text_.size() > head_bytes_max) {
            return bad("the head of the answer is larger than 16 KiB");
        }
        if (!whole) {
            return progress::more;
        }
        auto head = core::parse_response_head(std::string_view(head_text_).substr(0, scan.size));
        if (!head || head->status == 101) {
            return bad("the answer is not HTTP");
        }
        if (head->status >= 200) {
            answer_.status = static_cast<int>(head->status);
            for (auto const& field : head->fields) {
                answer_.headers.emplace_back(field.name, field.value);
            }
            framing_ = head->framing;
            length_ = head->content_length;
            in_body_ = true;
            return take_body(std::string_view(head_text_).substr(scan.size));
        }
        head_text_.erase(0, scan.size); // an interim answer, RFC 9110 section 15.2
        scanned = 0;
    }
}

answer_reader::progress answer_reader::take_body(std::string_view bytes) {
    if (framing_ == core::body_framing::none) {
        return progress::whole;
    }
    if (framing_ == core::body_framing::chunked) {
        return take_chunks(bytes);
    }
    if (framing_ == core::body_framing::length) {
        bytes = bytes.substr(0, length_ - body_.size());
    }
    if (length_ > token_answer_bytes_max || body_.size() + bytes.size() > token_answer_bytes_max) {
        return bad("the answer is larger than 64 KiB");
    }
    body_.append(bytes);
    bool whole = framing_ == core::body_framing::length && body_.size() == length_;
    return whole ? progress::whole : progress::more;
}

answer_reader::progress answer_reader::take_chunks(std::string_view bytes) {
    while (!bytes.empty() && !chunks_.done() && !chunks_.failed()) {
        auto step = chunks_.next(bytes);
        if (body_.size() + step.payload.size() > token_answer_bytes_max) {
            return bad("the answer is larger than 64 KiB");
        }
        body_.append(step.payload);
        bytes.remove_prefix(step.consumed);
    }
    if (chunks_.failed()) {
        return bad("the chunks of the answer are malformed");
    }
    return chunks_.done() ? progress::whole : progress::more;
}

task<call_outcome> read_answer(fiber& sleeper, connection& line) {
    answer_reader reader;
    while (true) {
        if (sleeper.stopped() != cause::none) {
            co_return call_outcome(std::unexpect,
                                   failed(call_fault::timed_out, "no answer in time"));
        }
        auto got = line.read();
        if (got.status == io_status::again) {
            co_await sleeper.sleep();
            continue;
        }
        if (got.status == io_status::end && reader.whole_at_close()) {
            break;
        }
        if (got.status != io_status::ok) {
            co_return call_outcome(std::unexpect, failed(call_fault::cut_off,
                                                         "the connection ended before the answer"));
        }
        auto progress = reader.take({got.bytes.data(), got.bytes.size()});
        OPENSSL_cleanse(got.bytes.data(), got.bytes.size()); // the loop's buffer, used by others
        if (progress == answer_reader::progress::malformed) {
            co_return call_outcome(
                std::unexpect, failed(call_fault::malformed, std::string(reader.fault())));
        }
        if (progress == answer_reader::progress::whole) {
            break;
        }
    }
    co_return call_outcome(reader.response());
}

} // namespace

task<call_outcome> run_token_call(fiber& sleeper, connector& connects,
                                  core::google::token_call const& call) {
    core::upstream_host host{.tls = call.scheme == "https",
                             .name = call.host,
                             .port = call.port,
                             .tls_name = call.host};
    auto begun = sleeper.loop().now();
    shorter_deadline deadline(sleeper);
    deadline.set(begun + std::min(call.timeout, call.connect_timeout));
    connect_options how{.offer = {.identity = call.identity.get()}, .direct = call.direct};
    auto line = co_await connects.connect(sleeper, host, how);
    if (!line) {
        co_return call_outcome(std::unexpect, from_connector(line.error(), call));
    }
    deadline.set(begun + call.timeout);
    auto head = request_head(call, host.authority());
    std::string_view parts[] = {head.reveal(), call.body.reveal()};
    auto sent = co_await (*line)->write(sleeper, parts);
    if (sent == connection::sent::failed) {
        co_return call_outcome(std::unexpect, failed(call_fault::cut_off, "the connection broke"));
    }
    auto answer = co_await read_answer(sleeper, **line); // also an early one
    co_return answer;
}

} // namespace vertex_relay::io
