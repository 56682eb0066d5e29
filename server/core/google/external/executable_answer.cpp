// The document that a program prints, and the words of its command line.

#include "core/google/external/executable_search.hpp"
#include "core/google/secret_json.hpp"

#include <array>

namespace vertex_relay::core::google {
namespace {

constexpr std::int64_t version_max = 1;

executable_answer malformed(std::string fault) {
    return {.what = executable_answer::kind::malformed, .fault = std::move(fault)};
}

executable_answer lacks(std::string_view member) {
    return malformed("gave a document without a usable \"" + std::string(member) + "\"");
}

/// The program's own "no": its words are for the user.
executable_answer read_refusal(secret_json const& json) {
    auto code = json.text_or_empty("code");
    auto message = json.text_or_empty("message");
    if (code.empty() || message.empty()) {
        return malformed("says that it failed, but not why (\"code\" and \"message\")");
    }
    return {.what = executable_answer::kind::refused,
            .fault = "gave no token: " + quoted_text(code, 40) + ", " + redacted_text(message)};
}

/// The member that holds a token of this type; empty for a type that is none.
std::string_view token_member(std::string_view type) {
    constexpr std::string_view prefix = "urn:ietf:params:oauth:token-type:";
    if (!type.starts_with(prefix)) {
        return {};
    }
    type.remove_prefix(prefix.size());
    return type == "jwt" || type == "id_token" ? "id_token"
           : type == "saml2"                   ? "saml_response"
                                               : "";
}

executable_answer read_token(secret_json const& json, bool must_expire, seconds now) {
    auto type = json.text_or_empty("token_type");
    if (type.empty()) {
        return lacks("token_type");
    }
    std::int64_t expires = 0;
    bool dated = json.at("expiration_time").get_int64().get(expires) == simdjson::SUCCESS;
    bool present = json.at("expiration_time").error() == simdjson::SUCCESS;
    if (!dated && (present || must_expire)) {
        return lacks("expiration_time");
    }
    auto member = token_member(type);
    if (member.empty()) {
        return malformed("gave a token of type \"" + quoted_text(type, 80) +
                         "\", which Google "
                         "does not take");
    }
    if (dated && seconds{expires} < now) {
        return {.what = executable_answer::kind::expired,
                .fault = "gave a token that has already expired"};
    }
    auto token = json.text_or_empty(member);
    if (token.empty()) {
        return lacks(member);
    }
    return {.what = executable_answer::kind::token, .token = secret(std::string(token))};
}

} // namespace

executable_answer read_executable_answer(std::string_view text, bool must_expire, seconds now) {
    secret_json json(text);
    if (json.what() != secret_json::shape::object) {
        return malformed("gave something that is no JSON object");
    }
    std::int64_t version = 0;
    if (json.at("version").get_int64().get(version) != simdjson::SUCCESS) {
        return lacks("version");
    }
    if (version > version_max || version < 1) {
        return malformed("speaks version " + std::to_string(version) +
                         " of the document, but the relay knows only 1");
    }
    bool success = false;
    if (json.at("success").get_bool().get(success) != simdjson::SUCCESS) {
        return lacks("success");
    }
    return success ? read_token(json, must_expire, now) : read_refusal(json);
}

std::optional<std::vector<std::string>> split_command(std::string_view command) {
    std::vector<std::string> words;
    char quote = '\0';
    bool in_word = false;
    for (std::size_t i = 0; i < command.size(); ++i) {
        char c = command[i];
        bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (quote == '\0' && blank) {
            in_word = false;
            continue;
        }
        if (!in_word) {
            words.emplace_back();
            in_word = true;
        }
        bool has_next = i + 1 < command.size();
        bool escapes = quote == '\0' || (quote == '"' && has_next &&
                                         (command[i + 1] == '"' || command[i + 1] == '\\'));
        if (c == '\\' && escapes && has_next) {
            words.back() += command[++i];
        } else if (quote == '\0' ? c == '"' || c == '\'' : c == quote) {
            quote = quote == '\0' ? c : '\0';
        } else {
            words.back() += c;
        }
    }
    if (quote != '\0' || words.empty() || words.front().empty()) {
        return std::nullopt;
    }
    return words;
}

} // namespace vertex_relay::core::google
