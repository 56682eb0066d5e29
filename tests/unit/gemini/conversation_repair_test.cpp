#include "repairing.hpp"

#include <catch2/catch.hpp>

using namespace vertex_relay::tests;

namespace {

struct row {
    char const* given;
    char const* wanted;
};

void check(std::initializer_list<row> rows) {
    for (auto const& one : rows) {
        CHECK(repaired_messages(one.given) == one.wanted);
    }
}

constexpr auto hello = R"({"role":"user","content":"Hi"})";

} // namespace

TEST_CASE("what Gemini takes stays as it is, byte by byte", "[gemini][repair]") {
    for (auto const* messages : {
             hello,
             R"( { "role" : "user" , "content" : "a\u0041 \" é" } )",
             R"({"role":"system","content":"S"},{"role":"user","content":"Hi"},)"
             R"({"role":"assistant","content":"Ho"},{"role":"user","content":"Again"})",
             R"({"role":"user","content":[{"type":"text","text":"x"},)"
             R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]})",
         }) {
        CHECK(repaired_messages(messages) == messages);
    }
}

TEST_CASE("developer becomes system where it stands", "[gemini][repair]") {
    check({{R"({"role":"developer","content":"D"},{"role":"system","content":"S"},)"
            R"({"role":"user","content":"U"})",
            R"({"role":"system","content":"D"},{"role":"system","content":"S"},)"
            R"({"role":"user","content":"U"})"}});
    CHECK(repaired(conversation(R"({"role":"developer","content":"D"},{"role":"user","content":"U"})"))
              .repairs == "roles");
}

TEST_CASE("arguments of a past call that are no text become an object's", "[gemini][repair]") {
    auto call = [](std::string_view arguments) {
        return repaired_messages(
            R"({"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":)"
            R"("f","arguments":)" +
            std::string(arguments) + R"(}}]},{"role":"tool","tool_call_id":"c","content":"r"})");
    };
    CHECK(call("null").find(R"("arguments":"{}")") != std::string::npos);
    CHECK(call(R"({"a":1})").find(R"("arguments":"{\"a\":1}")") != std::string::npos);
    CHECK(call("null").find("skip_thought_signature_validator") != std::string::npos);
}

TEST_CASE("empty turns and parts go", "[gemini][repair]") {
    check({
        {R"({"role":"user","content":""},{"role":"user","content":"U"})",
         R"({"role":"user","content":"U"})"},
        {R"({"role":"user","content":"U"},{"role":"assistant","content":null},)"
         R"({"role":"user","content":"V"})",
         R"({"role":"user","content":"U"},{"role":"user","content":"V"})"},
        {R"({"role":"system","content":""},{"role":"user","content":"U"},{"role":"user"})",
         R"({"role":"user","content":"U"})"},
        {R"({"role":"user","content":[{"type":"text","text":""},{"type":"text","text":"x"}]})",
         R"({"role":"user","content":[{"type":"text","text":"x"}]})"},
        {R"({"role":"user","content":[{"type":"text","text":""}]},{"role":"user","content":"U"})",
         R"({"role":"user","content":"U"})"},
        {R"({"role":"user","content":""})", R"({"role":"user","content":"Continue."})"},
    });
}

TEST_CASE("Gemini is always asked something", "[gemini][repair]") {
    check({
        {R"({"role":"system","content":"S"})", R"({"role":"user","content":"S"})"},
        {R"({"role":"developer","content":"D"})", R"({"role":"user","content":"D"})"},
        {R"({"role":"system","content":"S"},{"role":"system","content":"T"})",
         R"({"role":"system","content":"S"},{"role":"user","content":"T"})"},
        {R"({"role":"user","content":"U"},{"role":"assistant","content":"So"})",
         R"({"role":"user","content":"U"},{"role":"assistant","content":"So"},)"
         R"({"role":"user","content":"Continue."})"},
    });
}

TEST_CASE("a system turn behind the model's does not end a conversation", "[gemini][repair]") {
    CHECK(repaired_messages(std::string(hello) + R"(,{"role":"assistant","content":"Ho"},)"
                            R"({"role":"system","content":"S"})") ==
          std::string(hello) + R"(,{"role":"assistant","content":"Ho"},)"
          R"({"role":"system","content":"S"},{"role":"user","content":"Continue."})");
}

TEST_CASE("keys that Vertex does not know are taken out of messages", "[gemini][repair]") {
    check({
        {R"({"name":"Ann","role":"user","content":"Hi"})", R"({"role":"user","content":"Hi"})"},
        {R"({"role":"user","content":"U"},{"role":"assistant","content":"A","refusal":null,)"
         R"("annotations":[],"reasoning_content":"r"},{"role":"user","content":"V"})",
         R"({"role":"user","content":"U"},{"role":"assistant","content":"A"},)"
         R"({"role":"user","content":"V"})"},
        {R"({"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"e"}}]})",
         R"({"role":"user","content":[{"type":"text","text":"x"}]})"},
    });
}

TEST_CASE("a refusal is what the assistant said", "[gemini][repair]") {
    for (auto const* silent : {R"("content":null,)", R"("content":"",)", R"("content":[],)"}) {
        CHECK(repaired_messages(std::string(hello) + R"(,{"role":"assistant",)" + silent +
                                R"("refusal":"No \"way\"."},)" + hello) ==
              std::string(hello) + R"(,{"role":"assistant","content":"No \"way\"."},)" + hello);
    }
    CHECK(repaired_messages(std::string(hello) + R"(,{"role":"assistant","refusal":"No."},)" + hello) ==
          std::string(hello) + R"(,{"content":"No.","role":"assistant"},)" + hello);
    CHECK(repaired_messages(std::string(hello) +
                            R"(,{"role":"assistant","content":"Yes.","refusal":null},)" + hello) ==
          std::string(hello) + R"(,{"role":"assistant","content":"Yes."},)" + hello);
}

TEST_CASE("files become what Vertex calls an image URL", "[gemini][repair]") {
    check({
        {R"({"role":"user","content":[{"type":"file","file":{"filename":"a.pdf",)"
         R"("file_data":"data:application/pdf;base64,JVBE"}}]})",
         R"({"role":"user","content":[{"type":"image_url","image_url":)"
         R"({"url":"data:application/pdf;base64,JVBE"}}]})"},
        {R"({"role":"user","content":[{"type":"file","file":{"filename":"a.png",)"
         R"("file_data":"iVBO"}}]})",
         R"({"role":"user","content":[{"type":"image_url","image_url":)"
         R"({"url":"data:image/png;base64,iVBO"}}]})"},
        {R"({"role":"user","content":[{"type":"file","file":{"filename":"B.JPEG",)"
         R"("file_data":"/9j/"}}]})",
         R"({"role":"user","content":[{"type":"image_url","image_url":)"
         R"({"url":"data:image/jpeg;base64,/9j/"}}]})"},
        {R"({"role":"user","content":[{"type":"input_audio","input_audio":)"
         R"({"data":"AA==","format":"flac"}},{"type":"input_text","text":"x"}]})",
         R"({"role":"user","content":[{"type":"input_audio","input_audio":)"
         R"({"data":"AA==","format":"audio/flac"}},{"type":"text","text":"x"}]})"},
        {R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"gs://b/o",)"
         R"("detail":"auto"}},{"type":"image_url","image_url":{"url":"gs://b/o","detail":"low"}}]})",
         R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"gs://b/o"}},)"
         R"({"type":"image_url","image_url":{"url":"gs://b/o","detail":"low"}}]})"},
    });
    vertex_relay::core::located_json tree;
    auto body = conversation(R"({"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]})");
    auto refused =
        vertex_relay::core::repair_request(*tree.read(body), rules_for("google/gemini-3"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().status == 400);
    CHECK(refused.error().code == "unsupported_file");
}
