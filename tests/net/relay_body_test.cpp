// Every byte of a request body but the edits reaches Vertex AI as the client sent it.

#include "net/recording_origin.hpp"
#include "net/relay_rig.hpp"
#include "net/upload.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

constexpr std::string_view sent_model = R"("google/gemini-3.5-flash")";
constexpr std::size_t limit = std::size_t{32} * 1024 * 1024;

/// A body that is `before`, then something about `model`, then `after`.
struct body_case {
    std::string before;
    std::string model; ///< as the client spells it
    std::string after;
    std::string whole() const { return before + model + after; }
};

core::model_route alias(std::string name) {
    return {.name = std::move(name), .model = "google/gemini-3.5-flash"};
}

struct recorded_rig {
    explicit recorded_rig(relay_rig::adjustment const& adjust = {})
        : relay([&](core::config& settings, simulator::instance const& vertex) {
              settings.models = {alias("alias"), alias("na\xc3\xafve/\"\\alias"),
                                 {.name = "own", .endpoint = "1234"},
                                 {.name = "named", .endpoint = "1234", .send_model = "a\tmodel"}};
              settings.default_model = "alias";
              if (adjust) {
                  adjust(settings, vertex);
              }
              origin.stand_in(settings);
          }),
          client(relay.connect()) {}

    /// What reaches the origin of `body`, sent with a length and once more in chunks.
    void check(std::string const& body, std::string const& wanted) {
        check_answer(client.ask(post_chat(body)), wanted);
        check_answer(client.ask(post_chunked(random_chunks(body, random))), wanted);
    }

    recording_origin origin;
    relay_rig relay;
    relay_client client;
    std::mt19937 random{20'260'731};

private:
    void check_answer(http_answer const& answer, std::string const& wanted) {
        INFO(answer.head << answer.body.substr(0, 500));
        REQUIRE(answer.status == 200);
        auto got = origin.take();
        bool same = got.body == wanted; // not CHECK(a == b): it would print megabytes
        INFO("got " << got.body.substr(0, 500) << "\nnot " << wanted.substr(0, 500));
        CHECK(same);
        CHECK(got.head.find("Transfer-Encoding") == std::string::npos);
    }
};

std::vector<body_case> spellings() {
    std::string const alias = R"("alias")";
    return {
        {R"({"model":)", alias, R"(,"messages":[{"role":"user","content":"hi"}]})"},
        {R"({"messages":[],"temperature":1E+2,"n":-0,"model":)", alias, "}"},
        {R"({"model":)", alias, "}"},
        {" \r\n\t{ \"model\" \t\r\n:\n\t", alias, " \r\n, \"x\" : 1.0 } \r\n\t "},
        {R"({"\u006dod\u0065l":)", alias, R"(,"a":"\u0000\"\\\/\ud83d\ude00\b"})"},
        {R"({"model":)", R"("\u0061l\u0069as")", R"(,"\u0041":{}})"},
        {R"({"model":)", R"("na\u00efve\/\"\\alias")", R"(,"b":[]})"},
        {"{\"model\":", "\"na\xc3\xafve/\\\"\\\\alias\"",
         ",\"c\":\"\xe2\x82\xac \xf0\x9f\x98\x80 \x7f\"}"},
        {R"({"metadata":{"model":"alias","a":[{"model":"alias"}]},"user":"\"model\":\"alias\"","model":)",
         alias, R"(,"Model":"alias","model ":"alias","":0})"},
        {R"({"seed":12345678901234567890,"p":0.1000000000000000055511151231257827,"z":1e-7,"model":)",
         alias, R"(,"big":[[[[[[[[]]]]]]]],"t":true,"f":false,"n":null})"},
    };
}

/// A JSON string literal of exactly `size` bytes that uses escapes and all widths of UTF-8.
std::string random_literal(std::size_t size, std::mt19937& random) {
    static constexpr std::array<std::string_view, 8> pieces{
        "a",   "Z",       "\xc3\xa9",       "\xe2\x82\xac", "\xf0\x9f\x98\x80",
        "\\n", "\\u20ac", "{\\\"model\\\":"};
    std::string out = "\"";
    while (true) {
        auto piece = pieces[random() % pieces.size()];
        if (out.size() + piece.size() + 1 > size) {
            break;
        }
        out += piece;
    }
    return out.append(size - out.size() - 1, 'x') + '"';
}

} // namespace

TEST_CASE("a body is sent as it came, but for the model", "[relay][body]") {
    recorded_rig rig;
    for (auto const& one : spellings()) {
        INFO(one.whole());
        rig.check(one.whole(), one.before + std::string(sent_model) + one.after);
    }
    rig.check(R"( {"messages":[]})", R"( {"model":"google/gemini-3.5-flash","messages":[]})");
    rig.check("{ }", R"({"model":"google/gemini-3.5-flash" })");
}

TEST_CASE("bodies of every size arrive whole", "[relay][body]") {
    recorded_rig rig;
    constexpr std::string_view before = R"({"messages":[{"role":"user","content":)";
    constexpr std::string_view middle = R"(}],"model":)";
    auto const least = before.size() + middle.size() + std::string_view(R"("alias"})").size() + 2;
    for (auto size : {std::size_t{100}, std::size_t{4095}, std::size_t{4096}, std::size_t{16'383},
                      std::size_t{16'385}, std::size_t{65'535}, std::size_t{65'537},
                      std::size_t{1'000'000}, std::size_t{9'999'999}, limit}) {
        CAPTURE(size);
        auto text = random_literal(size - least + 2, rig.random);
        auto start = std::string(before) + text + std::string(middle);
        auto body = start + R"("alias"})";
        REQUIRE(body.size() == size);
        rig.check(body, start + std::string(sent_model) + "}");
    }
}

TEST_CASE("a body above the limit is refused, however it is framed", "[relay][body]") {
    recorded_rig rig;
    std::string body(limit + 1, ' ');
    body.replace(0, 2, "{}");
    CHECK(rig.relay.ask(post_chat(body)).status == 413);
    CHECK(rig.relay.ask(post_chunked(random_chunks(body, rig.random))).status == 413);
    rig.client.close();
    CHECK(rig.origin.count() == 0);
    CHECK(rig.relay.settles());
}

TEST_CASE("an own endpoint gets its own name or none", "[relay][body]") {
    recorded_rig rig;
    std::vector<body_case> const cases{
        {"{", R"("model":"own",)", R"("x":1})"},
        {R"({"x":1)", R"(,"model":"own")", "}"},
        {"{", R"("model":"own")", "}"},
        {"{ ", "\"model\" :\t\"own\"\r\n,", R"( "x":{"model":"own"}} )"},
        {R"({"x":[1,2] )", ",\n \"\\u006dodel\": \"own\"", " }"},
        {R"({"x":1,)", R"("model":"own",)", R"("y":",\"model\":"})"},
    };
    for (auto const& own : cases) {
        INFO(own.whole());
        rig.check(own.whole(), own.before + own.after);
    }
    rig.check(R"({"model" : "named"})", R"({"model" : "a\tmodel"})");
}

TEST_CASE("an own endpoint may be asked without a model", "[relay][body]") {
    recorded_rig rig([](core::config& settings, auto const&) { settings.default_model = "own"; });
    for (std::string body : {"{}", " {\"messages\" : [] }\n", R"({"x":{"model":"m"}})"}) {
        rig.check(body, body);
    }
}

TEST_CASE("nothing of the client's head reaches Vertex AI", "[relay][body]") {
    recorded_rig rig;
    auto answer = rig.client.ask(post_chat(
        R"({"model":"alias"})", "Authorization: Bearer sk-canary\r\nCookie: canary=1\r\n"
                                "X-Goog-Api-Key: canary\r\nX-Canary: 1\r\nApi-Key: canary\r\n"
                                "Forwarded: for=canary\r\nTE: trailers\r\nAccept: canary/*\r\n"));
    CHECK(answer.status == 200);
    auto head = rig.origin.take().head;
    CHECK(head.find("anary") == std::string::npos);
    CHECK(head.starts_with("POST /v1/projects/sim-project/locations/global/endpoints/openapi/"
                           "chat/completions HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(head.find("\r\nAuthorization: Bearer ya29.") != std::string::npos);
}
