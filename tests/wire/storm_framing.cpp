// What frames a body, said in every way that is not quite right.

#include "wire/storm_input.hpp"

#include <fmt/format.h>

#include <array>

namespace vertex_relay::tests {

namespace {

using namespace std::string_view_literals;

constexpr std::array length_forms{
    ""sv, "0"sv, "00"sv, "1"sv, "5"sv, "-1"sv, "0x0"sv, "18446744073709551616"sv,
    "18446744073709551615"sv, "9223372036854775808"sv, "33554433"sv, " "sv, "{}"sv, "+{}"sv,
    "-{}"sv, "0{}"sv, "{} "sv, " {}"sv, "\t{}"sv, "{},{}"sv, "{}, {}"sv, "{} {}"sv, "{};"sv,
    "{}.0"sv, "{}e0"sv, "\"{}\""sv, "{}\x0b"sv, "\x0c{}"sv, "{}\r"sv, "{}\xa0"sv, "{}_"sv, "'{}'"sv,
    "{}#"sv, "({})"sv, "{}L"sv, "0x{:x}"sv, "0b{:b}"sv};

/// Values that could be taken for the length of `body` by a reader that is too kind.
std::vector<std::string> lengths_of(std::size_t size) {
    std::vector<std::string> out;
    for (auto form : length_forms) {
        out.push_back(fmt::format(fmt::runtime(form), size, size));
    }
    return out;
}

constexpr std::array codings{
    "chunked"sv, "Chunked"sv, "CHUNKED"sv, " chunked "sv, "\tchunked"sv, "chunked\t"sv, ""sv, ","sv,
    "chunked,"sv, ",chunked"sv, "chunked,chunked"sv, "chunked, identity"sv, "identity"sv,
    "identity, chunked"sv, "gzip"sv, "gzip, chunked"sv, "chunked, gzip"sv, "xchunked"sv,
    "chunkedx"sv, "chunked;q=1"sv, "\"chunked\""sv, "'chunked'"sv, "chunked\x0b"sv,
    "\x0b" "chunked"sv, "chunked\0"sv, "\0chunked"sv, "chunked\r"sv, "chun\rked"sv, "chunked\x7f"sv,
    "\xc2\xa0" "chunked"sv, "chunked\xa0"sv, "chun ked"sv, "c\xc4\xa7unked"sv, "pigeons"sv,
    "deflate"sv, "trailers"sv, "chunked chunked"sv, "0"sv, "chunked\r\n chunked"sv,
    "\r\n chunked"sv, "\r\n\tchunked"sv};

constexpr std::array length_names{
    "Content-Length"sv, "content-length"sv, "Content-Length "sv, " Content-Length"sv,
    "Content_Length"sv, "Content-Length\t"sv};
constexpr std::array coding_names{
    "Transfer-Encoding"sv, "transfer-encoding"sv, "Transfer-Encoding "sv, "Transfer_Encoding"sv,
    "Transfer-Encoding\x0b"sv, "Transfer-Encoding\0"sv};

constexpr std::array chunk_sizes{
    "{:x}"sv, "{:X}"sv, "0{:x}"sv, "000000{:x}"sv, "0000000{:x}"sv, "0x{:x}"sv, "+{:x}"sv,
    "-{:x}"sv, " {:x}"sv, "\t{:x}"sv, "{:x} "sv, "{:x}\t"sv, "{:x} \t "sv, "{:x};"sv, "{:x} ;"sv,
    "{:x};a"sv, "{:x};a=b"sv, "{:x};a=\"b;c\""sv, "{:x} a"sv, "{:x} 0"sv, "{:x}\x0b"sv, "{:x}\r"sv,
    "\r{:x}"sv, "{:x},{:x}"sv, "{:x}.0"sv, "{:x}h"sv, "0{:x}h"sv, "{:d}."sv, "{:x}="sv,
    "\"{:x}\""sv, "{:x}\xa0"sv, "{:x};\x01"sv, "{:x};\x7f"sv, "{:x};\r"sv, "{:x};a\nb"sv,
    "{:x}\n"sv, "1{:x}"sv, "{:x}0"sv, "ffffffff{:x}"sv, "fffffffffffffff{:x}"sv,
    "10000000000000000{:x}"sv, ""sv, "g"sv, ";"sv, "0"sv, "00"sv, "{:x}\xff"sv, "{:b}"sv};
constexpr std::array line_ends{
    "\r\n"sv, "\n"sv, "\r"sv, "\n\r"sv, "\r\r\n"sv, ""sv, "\r\n\r\n"sv};
constexpr std::array last_chunks{
    "0\r\n\r\n"sv, "0\n\n"sv, "0\r\n\n"sv, "0\n\r\n"sv, "\r\n"sv, "0 \r\n\r\n"sv, "0;a\r\n\r\n"sv,
    "0\r\na: b\r\n\r\n"sv, "0\r\na : b\r\n\r\n"sv, "0\r\n: b\r\n\r\n"sv, "0\r\na\r\n\r\n"sv,
    "0\r\n a: b\r\n\r\n"sv, "0\r\na: b\r\n c\r\n\r\n"sv, "0\r\na: b\n\r\n"sv,
    "0\r\na: \x01\r\n\r\n"sv, "0\r\nContent-Length: 5\r\n\r\n"sv, "00000000\r\n\r\n"sv,
    "000000000\r\n\r\n"sv, "-0\r\n\r\n"sv, "0x0\r\n\r\n"sv, "0\r\n\r"sv, "0"sv, "z\r\n\r\n"sv};

struct request_form {
    std::string_view version = "HTTP/1.1";
    std::string_view fields;
    std::string_view body;
};

std::string request(request_form const& form) {
    return fmt::format("POST /v1/chat/completions {}\r\nHost: localhost\r\n"
                       "Content-Type: application/json\r\n{}\r\n{}",
                       form.version, form.fields, form.body);
}

std::string in_one_chunk(std::string_view body) {
    return fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", body.size(), body);
}

/// What a reader that believes the other framing would take for a request of its own.
std::string smuggled(std::size_t number) {
    return storm_post(storm_chat(fmt::format("smuggled-{}", number)));
}

} // namespace

storm_inputs framing_storm() {
    storm_inputs out;
    auto add = [&](std::string_view fields, bool chunks) {
        auto body = storm_chat(fmt::format("framing-{:04}", out.size()));
        auto wire = (chunks ? in_one_chunk(body) : body) + smuggled(out.size());
        for (auto version : {"HTTP/1.1"sv, "HTTP/1.0"sv}) {
            out.push_back(request({version, fields, wire}));
        }
    };
    auto size = storm_chat("framing-0000").size();
    std::size_t turn = 0;
    for (auto const& length : lengths_of(size)) {
        auto name = length_names[turn % length_names.size()];
        add(fmt::format("{}: {}\r\n", length_names[0], length), false);
        add(fmt::format("{}: {}\r\n", name, length), false);
        add(fmt::format("Content-Length: {}\r\nContent-Length: {}\r\n", length, size), false);
        add(fmt::format("Content-Length: {}\r\nContent-Length: {}\r\n", size, length), false);
        for (auto coding : codings) {
            auto coding_name = coding_names[turn % coding_names.size()];
            bool first = turn % 2 == 0;
            auto one = fmt::format("Content-Length: {}\r\n", length);
            auto other = fmt::format("{}: {}\r\n", coding_name, coding);
            add(first ? one + other : other + one, turn % 3 != 0);
            ++turn;
        }
    }
    for (auto coding : codings) {
        for (auto name : coding_names) {
            add(fmt::format("{}: {}\r\n", name, coding), true);
        }
        add(fmt::format("Transfer-Encoding: {}\r\nTransfer-Encoding: chunked\r\n", coding), true);
        add(fmt::format("Transfer-Encoding: chunked\r\nTransfer-Encoding: {}\r\n", coding), true);
    }
    return out;
}

storm_inputs chunk_storm() {
    storm_inputs out;
    auto add = [&](std::string_view size, std::string_view end, std::string_view last) {
        auto body = storm_chat(fmt::format("chunk-{}", out.size()));
        auto line = fmt::format(fmt::runtime(size), body.size(), body.size());
        auto wire = line + std::string(end) + body + "\r\n" + std::string(last);
        out.push_back(request(
            {.fields = "Transfer-Encoding: chunked\r\n", .body = wire + smuggled(out.size())}));
    };
    for (auto size : chunk_sizes) {
        for (auto end : line_ends) {
            for (auto last : {last_chunks[0], last_chunks[out.size() % last_chunks.size()]}) {
                add(size, end, last);
            }
        }
    }
    for (auto last : last_chunks) {
        for (std::size_t which : {0U, 1U, 2U, 15U, 20U}) {
            add(chunk_sizes[which], line_ends[0], last);
        }
    }
    return out;
}

} // namespace vertex_relay::tests
