#include "core/google/external/source_document.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>

namespace vertex_relay::core::google {
namespace {

using read_source = std::expected<subject_source, token_error>;

constexpr std::int64_t timeout_min_ms = 5'000;
constexpr std::int64_t timeout_max_ms = 120'000;

/// Members are named as they stand in the file: `credential_source.url`.
std::unexpected<token_error> refuse_in_source(document const& root, std::string_view name,
                                              std::string_view fault) {
    return refuse_member(root, "credential_source." + std::string(name), fault);
}

std::string named(document const& root, std::string_view name) {
    return root.origin + ": credential_source." + std::string(name);
}

/// Absent or null.
bool is_left_out(secret_object const& in, std::string_view name) {
    return in.at(name).error() != simdjson::SUCCESS || in.at(name).is_null();
}

std::expected<subject_format, token_error> read_format(document const& root,
                                                       secret_object const& source) {
    auto format = source.object("format");
    if (!format && !is_left_out(source, "format")) {
        return refuse_in_source(root, "format", " is no object");
    }
    std::string_view type;
    if (format && format->text("type", type) == secret_object::member::wrong_type) {
        return refuse_in_source(root, "format.type", " is not a string");
    }
    if (type.empty() || type == "text") {
        return subject_format{};
    }
    if (type != "json") {
        return refuse_in_source(root, "format.type", " is neither text nor json");
    }
    auto member = format->text_or_empty("subject_token_field_name");
    if (member.empty()) {
        return refuse_in_source(root, "format.subject_token_field_name", " is missing");
    }
    return subject_format{.member = std::string(member)};
}

read_source read_file_source(document const& root, secret_object const& source) {
    auto path = source.text_or_empty("file");
    if (path.empty()) {
        return refuse_in_source(root, "file", " is not a path");
    }
    auto format = read_format(root, source);
    if (!format) {
        return std::unexpected(std::move(format.error()));
    }
    return file_source{.path = std::string(path), .format = std::move(*format)};
}

/// A line break in one would let the file write requests of its own.
bool is_header(std::string_view name, std::string_view value) {
    auto in_name = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; };
    auto in_value = [](char c) { return c >= ' ' && c <= '~'; };
    return !name.empty() && std::ranges::all_of(name, in_name) &&
           std::ranges::all_of(value, in_value);
}

read_source read_url_source(document const& root, secret_object const& source) {
    auto url = permanently(
        parse_source_address(source.text_or_empty("url"), named(root, "url"), root.rules));
    if (!url) {
        return std::unexpected(std::move(url.error()));
    }
    auto format = read_format(root, source);
    if (!format) {
        return std::unexpected(std::move(format.error()));
    }
    url_source made{.address = std::move(*url), .headers = {}, .format = std::move(*format)};
    simdjson::dom::object headers;
    if (source.at("headers").get_object().get(headers) == simdjson::SUCCESS) {
        for (auto [name, value] : headers) {
            std::string_view text;
            if (value.get_string().get(text) != simdjson::SUCCESS || !is_header(name, text)) {
                return refuse_in_source(root, "headers", " holds something that is no header");
            }
            made.headers.emplace_back(name, secret(std::string(text)));
        }
    } else if (!is_left_out(source, "headers")) {
        return refuse_in_source(root, "headers", " is no object");
    }
    return made;
}

read_source read_executable_source(document const& root, secret_object const& source) {
    auto program = source.object("executable").value_or(secret_object());
    auto command = program.text_or_empty("command");
    if (command.empty()) {
        return refuse_in_source(root, "executable.command", " is missing");
    }
    std::string_view output_file;
    if (program.text("output_file", output_file) == secret_object::member::wrong_type &&
        !is_left_out(program, "output_file")) {
        return refuse_in_source(root, "executable.output_file", " is not a string");
    }
    executable_source made{.command = std::string(command),
                           .output_file = std::string(output_file)};
    auto timeout = program.at("timeout_millis");
    if (timeout.error() == simdjson::SUCCESS && !timeout.is_null()) {
        std::int64_t count = 0;
        bool number = timeout.get_int64().get(count) == simdjson::SUCCESS;
        if (!number || count < timeout_min_ms || count > timeout_max_ms) {
            return refuse_in_source(root, "executable.timeout_millis",
                                    " is not a number from 5000 to 120000");
        }
        made.timeout = milliseconds{count};
    }
    return made;
}

/// A member of the metadata service; nothing if the file does not name it.
std::expected<std::optional<token_address>, token_error>
read_aws_address(document const& root, secret_object const& source, std::string_view name) {
    using address = std::optional<token_address>;
    auto url = source.text_or_empty(name);
    if (url.empty()) {
        return address();
    }
    auto found = permanently(parse_aws_address(url, named(root, name), root.rules));
    if (!found) {
        return std::unexpected(std::move(found.error()));
    }
    return address(std::move(*found));
}

read_source read_aws_source(document const& root, secret_object const& source) {
    if (source.text_or_empty("environment_id") != "aws1") {
        return refuse_in_source(root, "environment_id", " is not aws1");
    }
    auto verification = source.text_or_empty("regional_cred_verification_url");
    if (!verification.starts_with("https://")) {
        return refuse_in_source(root, "regional_cred_verification_url", " is no https address");
    }
    aws_source made;
    made.verification_url = verification;
    struct wanted {
        std::string_view name;
        std::optional<token_address>& into;
    };
    for (auto const& one : {wanted{"region_url", made.region}, wanted{"url", made.keys},
                            wanted{"imdsv2_session_token_url", made.session}}) {
        auto address = read_aws_address(root, source, one.name);
        if (!address) {
            return std::unexpected(std::move(address.error()));
        }
        one.into = std::move(*address);
    }
    return made;
}

read_source read_certificate_source(document const& root, secret_object const& source) {
    auto certificate = source.object("certificate").value_or(secret_object());
    auto configuration = certificate.text_or_empty("certificate_config_location");
    bool by_default = false;
    auto asked = certificate.at("use_default_certificate_config").get_bool().get(by_default);
    by_default = by_default && asked == simdjson::SUCCESS;
    if (by_default == !configuration.empty()) {
        return refuse_in_source(root, "certificate",
                                " must name either certificate_config_location or "
                                "use_default_certificate_config = true");
    }
    return certificate_source{.configuration = std::string(configuration),
                              .trust_chain =
                                  std::string(certificate.text_or_empty("trust_chain_path"))};
}

struct source_kind {
    std::string_view member;
    read_source (*read)(document const& root, secret_object const& source);
};

/// `url` stands last: the member of that name belongs to AWS beside `environment_id`.
constexpr std::array<source_kind, 5> kinds = {{{"file", read_file_source},
                                               {"executable", read_executable_source},
                                               {"environment_id", read_aws_source},
                                               {"certificate", read_certificate_source},
                                               {"url", read_url_source}}};

} // namespace

std::expected<subject_source, token_error> read_subject_source(document const& from) {
    auto source = from.json.object("credential_source");
    if (!source) {
        return refuse_member(from, "credential_source", " is missing or no object");
    }
    bool aws = source->count("environment_id") > 0;
    source_kind const* found = nullptr;
    for (auto const& kind : kinds) {
        if (source->count(kind.member) == 0 || (aws && kind.member == "url")) {
            continue;
        }
        if (found != nullptr) {
            return refuse_member(from, "credential_source",
                                 " names two sources where one must be chosen");
        }
        found = &kind;
    }
    if (found == nullptr) {
        return refuse_member(from, "credential_source",
                             " names none of file, url, executable, environment_id, certificate");
    }
    return found->read(from, *source);
}

} // namespace vertex_relay::core::google
