// A body is accepted exactly if a second reader calls it valid. An edited body is valid too,
// differs in `model` alone, and every byte outside the edit is the client's.

#include "core/openai/chat_request.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/storm_json.hpp"

using namespace vertex_relay;
using namespace vertex_relay::tests;

namespace {

/// The parser reads beyond the end; those bytes must not matter.
class padded {
public:
    explicit padded(std::string_view text) : size_(text.size()), bytes_(text) {
        bytes_.append(simdjson::SIMDJSON_PADDING, '}');
    }
    std::string_view text() const { return {bytes_.data(), size_}; }

private:
    std::size_t size_;
    std::string bytes_;
};

std::string joined(std::vector<std::string_view> const& spans) {
    std::string out;
    for (auto span : spans) {
        out += span;
    }
    return out;
}

using members = std::vector<std::pair<std::string, std::string>>;

/// Each member, but for `model`.
members others(std::string_view body) {
    members out;
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    require(!parser.parse(std::string(body)).get(object), "an object");
    for (auto [key, value] : object) {
        if (key != "model") {
            out.emplace_back(key, simdjson::minify(value));
        }
    }
    return out;
}

core::result<core::chat_request> read(std::string_view body) {
    simdjson::dom::parser parser;
    return core::read_chat_request(parser, padded(body).text());
}

void check_edit(core::chat_request const& request, std::string_view body, core::edit const& change,
                std::optional<std::string> const& model) {
    require(change.offset + change.length <= body.size(), "an edit within the body");
    auto edited = joined(core::gather(body, {change}));
    require(edited.starts_with(body.substr(0, change.offset)) &&
                edited.ends_with(body.substr(change.offset + change.length)),
            "bytes outside the edit");
    auto again = read(edited);
    require(again.has_value(), "the edited body is valid");
    require(again->model == model, "the model is what the edit says");
    require(again->stream == request.stream && others(edited) == others(body),
            "nothing but the model has changed");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto body = text_of(bytes, size);
    auto request = read(body);
    auto second = read_storm_body(body);
    bool good = second.valid && second.good_types;
    require(second.odd || request.has_value() == good, "valid for both or for none");
    if (!request) {
        require(request.error().status == 400 && !request.error().code.empty(), "a reason");
        return 0;
    }
    require(good, "valid for the second reader too");
    require(second.odd || request->model == second.model, "the same model");
    for (auto const* name : {"google/gemini-3.5-flash", "a\"b\\c\n\x7f"}) {
        check_edit(*request, body, core::set_model(*request, body, name), name);
    }
    if (auto drop = core::drop_model(*request, body)) {
        check_edit(*request, body, *drop, std::nullopt);
    }
    return 0;
}
