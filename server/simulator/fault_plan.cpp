#include "simulator/fault_plan.hpp"

#include "simulator/encoding.hpp"
#include "simulator/google_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace vertex_relay::simulator {

namespace {

constexpr std::string_view chunked = "Transfer-Encoding: chunked\r\n";

std::string chunk_of(std::string_view payload) {
    std::string out;
    append_chunk(out, payload);
    return out;
}

/// Sends an answer up to a point, in whichever form it has.
struct sender {
    answer const& reply;

    /// Head and the first `count` text events, filled up if there are fewer; of a document its head
    /// and first half.
    std::string begin(std::uint64_t count) const {
        if (!reply.stream) {
            return answer_head(reply, content_length(reply.body.size())) +
                   reply.body.substr(0, reply.body.size() / 2);
        }
        auto out = answer_head(reply, chunked);
        auto closing = std::min<std::size_t>(2, reply.events.size()); // the last text and [DONE]
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, 100'000); ++i) {
            append_chunk(out, i + closing < reply.events.size() ? reply.events[i] : reply.filler);
        }
        return out;
    }

    /// Everything after the head, unframed.
    std::string payload() const {
        if (!reply.stream) {
            return reply.body;
        }
        std::string out;
        for (auto const& event : reply.events) {
            out += event;
        }
        return out;
    }

    /// The events that end a stream: the one with finish_reason and usage, and [DONE].
    std::string ending() const {
        std::string out;
        auto first = reply.events.size() - std::min<std::size_t>(2, reply.events.size());
        for (auto i = first; i < reply.events.size(); ++i) {
            append_chunk(out, reply.events[i]);
        }
        out += last_chunk;
        return out;
    }
};

plan interrupted(sender const& from, std::uint64_t count, step::kind how) {
    plan made{.stream = from.reply.stream};
    made.write(from.begin(count)).then(how);
    return made;
}

plan many_events(sender const& from, std::uint64_t count, std::uint64_t per_second) {
    plan made{.stream = true};
    made.write(answer_head(from.reply, chunked));
    made.repeat(chunk_of(from.reply.filler), count, per_second);
    made.write(from.ending());
    return made;
}

plan in_pieces(std::string head, std::string_view rest, std::uint64_t size) {
    plan made;
    made.write(std::move(head)).then(step::kind::flush);
    size = std::max<std::uint64_t>(size, 1);
    for (std::size_t at = 0; at < rest.size(); at += size) {
        made.write(std::string(rest.substr(at, size))).then(step::kind::flush);
    }
    return made;
}

plan tiny_packets(sender const& from, std::uint64_t size) {
    auto whole = to_plan(from.reply).steps.front().bytes;
    auto body = whole.find("\r\n\r\n") + 4;
    auto made = in_pieces(whole.substr(0, body), std::string_view(whole).substr(body), size);
    made.stream = from.reply.stream;
    return made;
}

plan tiny_chunks(sender const& from, std::uint64_t size) {
    plan made{.stream = from.reply.stream};
    auto body = answer_head(from.reply, chunked);
    auto payload = from.payload();
    size = std::max<std::uint64_t>(size, 1);
    for (std::size_t at = 0; at < payload.size(); at += size) {
        append_chunk(body, std::string_view(payload).substr(at, size));
    }
    made.write(body.append(last_chunk));
    return made;
}

plan ended_by_error(sender const& from, std::uint64_t count, envelope form) {
    if (!from.reply.stream) {
        return to_plan(from.reply);
    }
    google_error error{
        .code = 499, .status = "CANCELLED", .message = "The operation was cancelled."};
    plan made{.close = true, .stream = true};
    auto out = from.begin(count);
    append_chunk(out, to_json(error, form));
    out += last_chunk;
    made.write(std::move(out));
    return made;
}

/// All that is needed is another text: line ends, comments, a missing end.
plan with_events(answer reply, fault const& wanted) {
    if (wanted.kind == fault_kind::no_done && !reply.events.empty()) {
        reply.events.pop_back();
    }
    for (auto& event : reply.events) {
        if (wanted.kind == fault_kind::crlf) {
            event = event.substr(0, event.size() - 2) + "\r\n\r\n";
        } else if (wanted.kind == fault_kind::ping) {
            event = ": ping\n\n" + event;
        }
    }
    return to_plan(reply);
}

plan with_gzip(sender const& from) {
    auto packed = from.reply;
    packed.extra_headers += "Content-Encoding: gzip\r\n";
    packed.body = gzip_stored(from.payload());
    packed.events = {packed.body};
    return to_plan(packed);
}

plan raw(std::string bytes) {
    plan made{.close = true};
    made.write(std::move(bytes));
    return made;
}

plan without_length(sender const& from) {
    auto text = answer_head(from.reply, "") + from.payload();
    text.replace(0, 8, "HTTP/1.0");
    return raw(std::move(text));
}

std::optional<plan> stream_fault(fault const& wanted, sender const& from) {
    switch (wanted.kind) {
    case fault_kind::stall:
        return interrupted(from, wanted.n, step::kind::stall);
    case fault_kind::cut:
        return interrupted(from, wanted.n, step::kind::cut);
    case fault_kind::reset:
        return interrupted(from, wanted.n, step::kind::reset);
    case fault_kind::cut_inside: {
        plan made{.stream = from.reply.stream};
        auto half = chunk_of(from.reply.filler);
        made.write(from.begin(wanted.n));
        made.write(from.reply.stream ? half.substr(0, half.size() / 2) : std::string());
        made.then(step::kind::cut);
        return made;
    }
    case fault_kind::clean_end: {
        if (!from.reply.stream) {
            return std::nullopt;
        }
        plan made{.stream = true};
        made.write(from.begin(wanted.n).append(last_chunk));
        return made;
    }
    case fault_kind::error_midstream:
        return ended_by_error(from, wanted.n, envelope::object);
    case fault_kind::error_midstream_array:
        return ended_by_error(from, wanted.n, envelope::array);
    case fault_kind::events:
    case fault_kind::paced: {
        if (!from.reply.stream) {
            return std::nullopt;
        }
        bool paced = wanted.kind == fault_kind::paced;
        auto total = !paced ? wanted.n : wanted.m > 0 ? wanted.m : 10 * wanted.n;
        return many_events(from, total, paced ? std::max<std::uint64_t>(1, wanted.n) : 0);
    }
    case fault_kind::no_done:
    case fault_kind::crlf:
    case fault_kind::ping:
        return with_events(from.reply, wanted);
    case fault_kind::tiny:
        return tiny_packets(from, wanted.n);
    case fault_kind::tiny_chunks:
        return tiny_chunks(from, wanted.n);
    default:
        return std::nullopt;
    }
}

std::optional<plan> head_fault(fault const& wanted, sender const& from) {
    auto const& reply = from.reply;
    auto size = from.payload().size();
    switch (wanted.kind) {
    case fault_kind::slow: {
        auto made = to_plan(reply);
        made.steps.insert(made.steps.begin(), {.what = step::kind::wait,
                                               .pause = std::chrono::milliseconds(wanted.n)});
        return made;
    }
    case fault_kind::never:
        return std::move(plan{}.then(step::kind::stall));
    case fault_kind::reset_at_once:
        return std::move(plan{}.then(step::kind::reset));
    case fault_kind::redirect:
        return to_plan({.status = 302,
                        .content_type = "text/html; charset=UTF-8",
                        .extra_headers = "Location: https://example.com/elsewhere\r\n",
                        .body = "<html><body>Moved.</body></html>\n"});
    case fault_kind::garbage:
        return raw(std::string("\x01\x02\xff\xfe not HTTP at all\r\n\r\n\0\0", 27));
    case fault_kind::repeated_length:
        return raw(answer_head(reply, content_length(size) + content_length(size + 7)) +
                   from.payload());
    case fault_kind::short_length:
        return raw(answer_head(reply, content_length(size + 100)) + from.payload());
    case fault_kind::http10:
        return without_length(from);
    default:
        return std::nullopt;
    }
}

} // namespace

plan bent_plan(fault const& wanted, answer const& reply) {
    sender from{.reply = reply};
    auto bent = stream_fault(wanted, from);
    bent = bent ? std::move(bent) : head_fault(wanted, from);
    if (bent) {
        return std::move(*bent);
    }
    if (wanted.kind == fault_kind::gzip) {
        return with_gzip(from);
    }
    auto changed = reply;
    if (wanted.kind == fault_kind::close || wanted.kind == fault_kind::early_refusal) {
        changed.extra_headers += "Connection: close\r\n";
    } else if (wanted.kind == fault_kind::big_head) {
        changed.extra_headers += "X-Padding: " + std::string(wanted.n * 1024, 'p') + "\r\n";
    }
    auto made = to_plan(changed);
    made.close = changed.extra_headers.find("Connection: close") != std::string::npos;
    if (wanted.kind == fault_kind::early_hints) {
        made.steps.insert(
            made.steps.begin(),
            {.bytes = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"});
    }
    return made;
}

} // namespace vertex_relay::simulator
