#include "core/google/form.hpp"

#include "core/ascii.hpp"

namespace vertex_relay::core::google {

form& form::add(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? "" : "&";
    text_ += name;
    text_ += '=';
    append_percent_encoded(text_, value);
    return *this;
}

void append_percent_encoded(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (char c : text) {
        if (ascii::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    append_percent_encoded(out, text);
    return out;
}

} // namespace vertex_relay::core::google
