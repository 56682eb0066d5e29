#include "core/conformance/observation.hpp"

#include "core/ascii.hpp"

#include <simdjson.h>

#include <algorithm>

namespace vertex_relay::core::conformance {

namespace {

using json = simdjson::dom::element;
using found = std::optional<json>;

found member(found from, std::string_view key) {
    json value;
    bool there = from && from->is_object() && from->at_key(key).get(value) == simdjson::SUCCESS;
    return there ? found(value) : std::nullopt;
}

std::string text_of(found value) {
    std::string_view text;
    return value && value->get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::int64_t number_of(found value, std::int64_t otherwise = 0) {
    std::int64_t number = 0;
    return value && value->get(number) == simdjson::SUCCESS ? number : otherwise;
}

bool is_true(found value) {
    bool flag = false;
    return value && value->get(flag) == simdjson::SUCCESS && flag;
}

std::vector<json> elements(found value) {
    simdjson::dom::array list;
    bool there = value && value->get(list) == simdjson::SUCCESS;
    return there ? std::vector<json>(list.begin(), list.end()) : std::vector<json>();
}

found google_part(found from) { return member(member(from, "extra_content"), "google"); }

/// Adds up what the documents of one answer say.
class reader {
public:
    explicit reader(observation& out) : out_(out) {}

    void take_document(std::string_view text);

private:
    bool take_error(json document);
    void take_usage(json document, bool finished);
    void take_choice(json choice);
    void take_message(json message);
    void take_call(json call);
    call_seen& call_for(std::string const& id, std::int64_t index);

    observation& out_;
    simdjson::dom::parser parser_;
};

bool reader::take_error(json document) {
    auto inner = elements(document);
    auto error = member(inner.empty() ? document : inner.front(), "error");
    if (!error) {
        return false;
    }
    out_.shape = inner.empty() ? error_shape::object : error_shape::array;
    out_.error_message = text_of(member(error, "message"));
    out_.error_status = text_of(member(error, "status"));
    out_.error_code = text_of(member(error, "code"));
    out_.openai_shaped = inner.empty() && member(error, "message") && member(error, "type") &&
                         member(error, "param") && member(error, "code");
    return true;
}

void reader::take_document(std::string_view text) {
    json document;
    bool parsed = parser_.parse(text.data(), text.size()).get(document) == simdjson::SUCCESS;
    out_.is_json = out_.is_json && parsed;
    if (!parsed || take_error(document)) {
        return;
    }
    auto model = text_of(member(document, "model"));
    out_.model = model.empty() ? out_.model : model;
    bool finished = false;
    for (json choice : elements(member(document, "choices"))) {
        finished = finished || !text_of(member(choice, "finish_reason")).empty();
        take_choice(choice);
    }
    take_usage(document, finished);
}

void reader::take_usage(json document, bool finished) {
    auto usage = member(document, "usage");
    if (!usage || !usage->is_object()) {
        return;
    }
    auto details = member(usage, "completion_tokens_details");
    out_.usage = usage_seen{.prompt = number_of(member(usage, "prompt_tokens")),
                            .completion = number_of(member(usage, "completion_tokens")),
                            .reasoning = number_of(member(details, "reasoning_tokens")),
                            .total = number_of(member(usage, "total_tokens")),
                            .alone = elements(member(document, "choices")).empty(),
                            .with_finish = finished};
}

void reader::take_choice(json choice) {
    auto index = number_of(member(choice, "index"));
    out_.choices = std::max(out_.choices, static_cast<std::size_t>(std::max(index, 0L)) + 1);
    auto finish = text_of(member(choice, "finish_reason"));
    auto delta = member(choice, "delta");
    if (delta) {
        bool role = !text_of(member(delta, "role")).empty();
        out_.first_has_role = out_.first_has_role || (out_.deltas == 0 && role);
        ++out_.deltas;
        out_.roles += role ? 1 : 0;
    }
    auto said = delta ? delta : member(choice, "message");
    if (index == 0) {
        out_.finish = finish.empty() ? out_.finish : finish;
        if (said) {
            take_message(*said);
        }
    }
}

void reader::take_message(json message) {
    bool thought = is_true(member(google_part(message), "thought"));
    (thought ? out_.thoughts : out_.text) += text_of(member(message, "content"));
    out_.reasoning += text_of(member(message, "reasoning_content"));
    auto audio = member(message, "audio");
    auto kind = text_of(member(google_part(audio), "mime_type"));
    out_.image_in_audio = out_.image_in_audio || kind.starts_with("image/");
    out_.image_in_images = out_.image_in_images || !elements(member(message, "images")).empty();
    for (json call : elements(member(message, "tool_calls"))) {
        take_call(call);
    }
}

/// Fragments belong together by id; one without an id, by index.
call_seen& reader::call_for(std::string const& id, std::int64_t index) {
    auto same = std::ranges::find_if(out_.calls, [&](call_seen const& one) {
        bool indexed = !one.indices.empty() && one.indices.back() == index;
        return id.empty() ? indexed : one.id == id;
    });
    return same != out_.calls.end() ? *same : out_.calls.emplace_back(call_seen{.id = id});
}

void reader::take_call(json call) {
    auto index = number_of(member(call, "index"), -1);
    auto& one = call_for(text_of(member(call, "id")), index);
    auto function = member(call, "function");
    auto name = text_of(member(function, "name"));
    auto type = text_of(member(call, "type"));
    auto signature = text_of(member(google_part(call), "thought_signature"));
    one.indices.push_back(index);
    one.name = name.empty() ? one.name : name;
    one.type = type.empty() ? one.type : type;
    one.signature = signature.empty() ? one.signature : signature;
    one.arguments += text_of(member(function, "arguments"));
}

void read_stream(std::string_view body, observation& out) {
    reader documents(out);
    while (!body.empty()) {
        auto end = body.find('\n');
        auto line = body.substr(0, end);
        body.remove_prefix(end == body.npos ? body.size() : end + 1);
        if (line.ends_with('\r')) {
            out.carriage_returns = true;
            line.remove_suffix(1);
        }
        if (line.starts_with("data:")) {
            auto text = ascii::trim(line.substr(5));
            text == "[DONE]" ? void(out.done = true) : documents.take_document(text);
        } else {
            out.stray = out.stray || (!line.empty() && !line.starts_with(':'));
        }
    }
}

} // namespace

std::string_view answer_seen::field(std::string_view name) const {
    auto one = std::ranges::find_if(
        fields, [name](auto const& each) { return ascii::iequals(each.first, name); });
    return one == fields.end() ? std::string_view() : std::string_view(one->second);
}

observation observe(answer_seen const& answer) {
    observation out;
    out.is_json = !answer.body.empty();
    out.event_stream = answer.field("content-type").starts_with("text/event-stream");
    if (out.event_stream) {
        read_stream(answer.body, out);
    } else {
        reader(out).take_document(answer.body);
    }
    return out;
}

} // namespace vertex_relay::core::conformance
