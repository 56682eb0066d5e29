#include "core/google/secret_json.hpp"

#include <openssl/crypto.h>

namespace vertex_relay::core::google {
namespace {

/// simdjson keeps unescaped copies of all strings in a buffer of its own, which it only frees.
void wipe(std::string_view text) { OPENSSL_cleanse(const_cast<char*>(text.data()), text.size()); }

void wipe_strings(simdjson::dom::element const& element) {
    if (element.is_string()) {
        wipe(element.get_string().value_unsafe());
    } else if (element.is_object()) {
        for (auto [name, value] : element.get_object().value_unsafe()) {
            wipe_strings(value);
        }
    } else if (element.is_array()) {
        for (auto value : element.get_array().value_unsafe()) {
            wipe_strings(value);
        }
    }
}

} // namespace

secret_json::secret_json(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    buffer_.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    buffer_.assign(text);
    if (parser_.parse(buffer_.data(), buffer_.size(), false).get(document_) != simdjson::SUCCESS) {
        return;
    }
    simdjson::dom::object root;
    shape_ = shape::not_object;
    if (document_.get_object().get(root) == simdjson::SUCCESS) {
        shape_ = shape::object;
        members_ = root;
    }
}

secret_json::~secret_json() {
    if (shape_ != shape::not_json) {
        wipe_strings(document_);
    }
    OPENSSL_cleanse(buffer_.data(), buffer_.size());
}

std::size_t secret_object::count(std::string_view name) const {
    std::size_t found = 0;
    if (members_) {
        for (auto field : *members_) {
            found += field.key == name ? 1U : 0U;
        }
    }
    return found;
}

secret_object::member secret_object::text(std::string_view name, std::string_view& value) const {
    auto element = at(name);
    if (element.error() != simdjson::SUCCESS) {
        return member::absent;
    }
    auto wrong = element.value_unsafe().get_string().get(value);
    return wrong == simdjson::SUCCESS ? member::text : member::wrong_type;
}

std::string_view secret_object::text_or_empty(std::string_view name) const {
    std::string_view value;
    return text(name, value) == member::text ? value : std::string_view{};
}

std::optional<secret_object> secret_object::object(std::string_view name) const {
    simdjson::dom::object members;
    if (at(name).get_object().get(members) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    return secret_object(members);
}

simdjson::simdjson_result<simdjson::dom::element>
secret_object::at(std::string_view name) const {
    if (!members_) {
        return simdjson::NO_SUCH_FIELD;
    }
    return members_->at_key(name);
}

} // namespace vertex_relay::core::google
