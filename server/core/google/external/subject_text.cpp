#include "core/google/external/subject_text.hpp"

#include "core/google/secret_json.hpp"

#include <fmt/format.h>

namespace vertex_relay::core::google {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\v\f";
    auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

token_error wrong_format(credential const& from, std::string const& place, std::string fault) {
    return slow_error(credentials_refused(
        "subject_format", place + " " + std::move(fault) +
                              ". Correct `format` in `credential_source`, or what writes it. (" +
                              describe(from) + ")"));
}

token_error empty(credential const& from, std::string const& place) {
    return transient_error(credentials_unavailable(
        place + " holds no subject token yet. The relay keeps trying. (" + describe(from) + ")"));
}

std::string how_unreadable(file_outcome const& outcome) {
    using kind = file_outcome::kind;
    switch (outcome.what) {
    case kind::not_found:
        return "does not exist inside this process. Mount it there, or correct the path";
    case kind::is_directory:
        return "is a directory. Name the file in it; Docker makes a directory of a file to mount "
               "that the host lacks";
    case kind::unreadable:
        return fmt::format("cannot be read: it has mode {:04o} and belongs to uid {}, the relay "
                           "runs as uid {}. Let that user read it",
                           outcome.mode, outcome.owner_uid, outcome.process_uid);
    case kind::too_large:
        return "is larger than 1 MiB. Correct the path";
    case kind::text:
    case kind::failed:
        break;
    }
    return "cannot be read: " + quoted_text(outcome.reason);
}

} // namespace

std::expected<subject_token, token_error> find_subject(credential const& from,
                                                       std::string_view text,
                                                       subject_format const& format,
                                                       std::string const& place) {
    auto whole = trimmed(text);
    if (whole.empty()) {
        return std::unexpected(empty(from, place));
    }
    if (format.member.empty()) {
        return subject_token{.text = secret(std::string(whole))};
    }
    secret_json json(whole);
    if (json.what() != secret_json::shape::object) {
        return std::unexpected(wrong_format(from, place, "is no JSON object"));
    }
    std::string_view value;
    auto found = json.text(format.member, value);
    if (found != secret_object::member::text) {
        return std::unexpected(wrong_format(
            from, place, "has no text member \"" + quoted_text(format.member, 80) + "\""));
    }
    if (value.empty()) {
        return std::unexpected(empty(from, place));
    }
    return subject_token{.text = secret(std::string(value))};
}

token_error explain_source_file(credential const& from, std::string_view what,
                                std::string const& path, file_outcome const& outcome) {
    return slow_error(credentials_refused(
        "source_file", "The " + std::string(what) + " " + quoted_text(path) + " " +
                           how_unreadable(outcome) + ". (" + describe(from) + ")"));
}

} // namespace vertex_relay::core::google
