#include "core/gemini/schema/write.hpp"

#include "core/gemini/schema/kinds.hpp"
#include "core/gemini/schema/sentence.hpp"
#include "core/json_text.hpp"

#include <array>
#include <string_view>

namespace vertex_relay::core::schema {

namespace {

class writer {
public:
    explicit writer(std::string& out) : out_(out) {}

    void schema(node const& one) {
        out_ += '{';
        if (one.type != kind::none) {
            text("type", type_name(one.type));
        }
        text("format", one.format);
        text("description", whole_description(one));
        if (one.nullable) {
            key("nullable");
            out_ += "true";
        }
        choices(one.choices);
        properties(one.properties);
        names("required", one.required_names);
        names("propertyOrdering", one.ordering);
        if (!one.items.empty()) {
            key("items");
            schema(one.items.front());
        }
        for (auto const& limit : one.bounds) {
            key(limit_name(limit.which));
            out_ += limit.text;
        }
        text("pattern", one.pattern);
        if (!one.example.empty()) {
            key("example");
            out_ += one.example;
        }
        branches(one.branches);
        out_ += '}';
    }

private:
    /// A comma, unless the value is the first of its list.
    void separate() {
        if (out_.back() != '{' && out_.back() != '[') {
            out_ += ',';
        }
    }

    void key(std::string_view name) {
        separate();
        append_json_string(out_, name);
        out_ += ':';
    }

    void text(std::string_view name, std::string_view value) {
        if (!value.empty()) {
            key(name);
            append_json_string(out_, value);
        }
    }

    void names(std::string_view name, std::vector<std::string> const& values) {
        if (values.empty()) {
            return;
        }
        key(name);
        out_ += '[';
        for (auto const& value : values) {
            separate();
            append_json_string(out_, value);
        }
        out_ += ']';
    }

    void choices(std::vector<choice> const& values) {
        if (values.empty()) {
            return;
        }
        key("enum");
        out_ += '[';
        for (auto const& value : values) {
            separate();
            append_json_string(out_, value.text);
        }
        out_ += ']';
    }

    void properties(std::vector<property> const& members) {
        if (members.empty()) {
            return;
        }
        key("properties");
        out_ += '{';
        for (auto const& one : members) {
            key(one.name);
            schema(one.schema);
        }
        out_ += '}';
    }

    void branches(std::vector<node> const& alternatives) {
        if (alternatives.empty()) {
            return;
        }
        key("anyOf");
        out_ += '[';
        for (auto const& one : alternatives) {
            separate();
            schema(one);
        }
        out_ += ']';
    }

    std::string& out_;
};

} // namespace

std::string write(node const& one) {
    std::string out;
    writer(out).schema(one);
    return out;
}

} // namespace vertex_relay::core::schema
