// A program of its own, because it counts every call of operator new on the relay's thread: in
// steady state an event goes from Vertex AI to the client without one.

#include "net/gate.hpp"
#include "net/relay_rig.hpp"
#include "net/scripted_origin.hpp"
#include "unit/http/wire.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <openssl/crypto.h>

#include <cstdlib>
#include <new>
#include <semaphore>

namespace {

thread_local std::size_t allocations = 0;
thread_local std::size_t openssl_allocations = 0;

void* counted(std::size_t bytes) noexcept {
    ++allocations;
    return std::malloc(bytes == 0 ? 1 : bytes);
}

void* counted_or_throw(std::size_t bytes) {
    if (auto* memory = counted(bytes)) {
        return memory;
    }
    throw std::bad_alloc();
}

void* openssl_malloc(std::size_t bytes, char const*, int) {
    ++openssl_allocations;
    return std::malloc(bytes);
}
void* openssl_realloc(void* memory, std::size_t bytes, char const*, int) {
    ++openssl_allocations;
    return std::realloc(memory, bytes);
}
void openssl_free(void* memory, char const*, int) { std::free(memory); }

/// Before OpenSSL takes its first memory.
bool const counts_openssl =
    CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;

} // namespace

void* operator new(std::size_t bytes) { return counted_or_throw(bytes); }
void* operator new[](std::size_t bytes) { return counted_or_throw(bytes); }
void* operator new(std::size_t bytes, std::nothrow_t const&) noexcept { return counted(bytes); }
void* operator new[](std::size_t bytes, std::nothrow_t const&) noexcept { return counted(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr int warm_up = 50;
constexpr int measured = 500;

struct count {
    std::size_t of_relay;
    std::size_t of_openssl;
};

count count_on_worker(relay_rig& rig) {
    count now{};
    rig.on_worker([&](io::worker&) { now = {allocations, openssl_allocations}; });
    return now;
}

/// Sends `pieces` over and over in step with the client, which has seen all of them each time, and
/// counts what the relay's thread allocates meanwhile.
count allocations_for(std::vector<std::string> const& pieces, scripted_origin::wire kind,
                      std::string const& request) {
    std::counting_semaphore<> seen(0);
    gate finished;
    relay_rig* relay = nullptr;
    scripted_origin origin(
        [&](origin_line& line) {
            line.read();
            line.send(stream_head());
            for (int i = 0; i < warm_up + measured; ++i) {
                line.send(pieces.front());
                for (std::size_t next = 1; next < pieces.size(); ++next) {
                    relay->on_worker([](io::worker&) {}); // so that each piece is a read
                    line.send(pieces[next]);
                }
                if (!seen.try_acquire_for(patience)) {
                    return;
                }
            }
            finished.open();
            line.wait_for_end();
        },
        kind);
    relay_rig rig([&](core::config& settings, auto const&) { origin.stand_in(settings); });
    relay = &rig;
    auto client = rig.connect();
    REQUIRE(client.send(request));
    REQUIRE(client.wait_for("\r\n\r\n"));
    count before{};
    for (int i = 0; i < warm_up + measured; ++i) {
        if (i == warm_up) {
            before = count_on_worker(rig);
        }
        REQUIRE(client.wait_for("end-mark"));
        client.forget();
        seen.release();
    }
    auto after = count_on_worker(rig);
    REQUIRE(finished.wait());
    return {after.of_relay - before.of_relay, after.of_openssl - before.of_openssl};
}

std::string marked_event() { return text_event("words and an end-mark"); }

/// As Vertex AI sends them to Gemini's callers: with a role in each, which is taken out.
std::string vertex_event(std::string_view text) {
    return fmt::format(R"(data: {{"choices":[{{"delta":{{"content":"{}","role":"assistant"}},)"
                       R"("index":0,"logprobs":null}}],"created":1770850461,"id":"nQiNafGyF5rw998",)"
                       R"("model":"google/gemini-3.5-flash","object":"chat.completion.chunk",)"
                       R"("system_fingerprint":""}})"
                       "\n\n",
                       text);
}

std::string old_chat() {
    auto request = chat("google/gemini-3.5-flash", true);
    return request.replace(request.find("1.1"), 3, "1.0");
}

/// The pieces of a wire that holds one marked event, cut in ways that call for different paths.
std::vector<std::vector<std::string>> cuts(std::string const& first, std::string const& marked) {
    auto const whole = chunk(marked);
    auto const reframed = chunk(first) + whole;
    return {{whole},
            {whole.substr(0, 30), whole.substr(30)},
            {reframed.substr(0, 2), reframed.substr(2, 90), reframed.substr(92)}};
}

} // namespace

TEST_CASE("both counters count", "[allocation]") {
    auto before = allocations;
    std::string text(100, 'x');
    CHECK(text.size() == 100);
    CHECK(allocations > before);
    REQUIRE(counts_openssl);
    auto openssl_before = openssl_allocations;
    OPENSSL_free(OPENSSL_malloc(10));
    CHECK(openssl_allocations > openssl_before);
}

TEST_CASE("an event is relayed without an allocation", "[allocation]") {
    auto kind = GENERATE(scripted_origin::wire::tls, scripted_origin::wire::plain);
    auto request = GENERATE(as<std::string>{}, chat("google/gemini-3.5-flash", true), old_chat(),
                            chat(open_model, true));
    bool clean = GENERATE(true, false);
    auto cut = GENERATE(0U, 1U, 2U);
    auto pieces = clean ? cuts(text_event("one"), marked_event()).at(cut)
                        : cuts(vertex_event("one"), vertex_event("with an end-mark")).at(cut);
    CAPTURE(pieces.size(), clean, kind == scripted_origin::wire::tls, request);
    auto out = allocations_for(pieces, kind, request);
    // Work posted by the test displaces memory that Asio keeps for its handlers, now and then.
    CHECK(out.of_relay <= (pieces.size() > 1 ? measured / 100 : 0));
    // OpenSSL itself takes two a record: its read buffer, given back for the sake of idle streams
    // (SSL_MODE_RELEASE_BUFFERS), and 40 bytes in which TLS 1.3 builds the record's header.
    auto records = pieces.size() * measured;
    CHECK(out.of_openssl <= (kind == scripted_origin::wire::tls ? 2 * records : 0));
}
