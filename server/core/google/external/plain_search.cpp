#include "core/google/external/plain_search.hpp"

#include "core/config/grammar.hpp"
#include "core/google/external/subject_text.hpp"
#include "core/google/token_answer.hpp"

namespace vertex_relay::core::google {
namespace {

subject_search::need need_of(std::expected<subject_token, token_error> found) {
    if (!found) {
        return std::move(found.error());
    }
    return std::move(*found);
}

} // namespace

subject_search::need file_search::begin() {
    return read_file{.path = source_.path};
}

subject_search::need file_search::file_read(file_outcome const& outcome) {
    if (outcome.what != file_outcome::kind::text) {
        return explain_source_file(given_.from, "subject token file", source_.path, outcome);
    }
    return need_of(find_subject(given_.from, outcome.text.reveal(), source_.format,
                                "The subject token file " + quoted_text(source_.path)));
}

subject_search::need url_search::begin() {
    auto call = get_call(source_.address);
    call.direct = is_link_local(call.host) || grammar::is_loopback(call.host);
    for (auto const& [name, value] : source_.headers) {
        call.secret_headers.emplace_back(name, value.clone());
    }
    return call;
}

subject_search::need url_search::answered(call_outcome const& outcome) {
    auto place = "The subject token server " + quoted_text(source_.address.host);
    if (!outcome || outcome->status != 200) {
        return explain_source_call(given_.from, outcome, place,
                                   "Check `credential_source.url` and its headers, and that this "
                                   "workload has an identity there.");
    }
    return need_of(
        find_subject(given_.from, outcome->body.reveal(), source_.format, place + "'s answer"));
}

token_error explain_source_call(credential const& from, call_outcome const& outcome,
                                std::string const& place, std::string const& hint) {
    if (!outcome) {
        auto error = explain_call_fault(from, outcome.error(), place);
        error.failure.message += " " + hint;
        return error;
    }
    auto status = outcome->status;
    auto text =
        place + " answered " + std::to_string(status) + ". " + hint + " (" + describe(from) + ")";
    bool passes = status == 408 || status == 425 || status == 429 || status >= 500;
    return passes ? transient_error(credentials_unavailable(std::move(text)))
                  : slow_error(credentials_refused("subject_source", std::move(text)));
}

} // namespace vertex_relay::core::google
