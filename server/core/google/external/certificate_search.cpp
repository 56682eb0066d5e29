#include "core/google/external/certificate_search.hpp"

#include "core/base64.hpp"
#include "core/google/discovery.hpp"
#include "core/google/external/subject_text.hpp"
#include "core/google/secret_json.hpp"

namespace vertex_relay::core::google {

subject_search::need certificate_search::begin() {
    constexpr std::string_view variable = "GOOGLE_API_CERTIFICATE_CONFIG";
    if (!source_.configuration.empty()) {
        return read(stage::configuration, source_.configuration);
    }
    if (auto path = given_.variables.get(variable); !path.empty()) {
        return read(stage::configuration, std::string(path));
    }
    return read(stage::configuration,
                gcloud_directory(given_.variables) + "/certificate_config.json");
}

subject_search::need certificate_search::read(stage next, std::string path) {
    stage_ = next;
    path_ = std::move(path);
    return google::read_file{.path = path_};
}

std::string_view certificate_search::name() const {
    switch (stage_) {
    case stage::configuration:
        return "certificate configuration";
    case stage::certificate:
        return "certificate file";
    case stage::trust_chain:
        return "trust chain file";
    case stage::key:
        break;
    }
    return "key file of the certificate";
}

token_error certificate_search::fail(std::string fault) const {
    return slow_error(credentials_refused(
        "certificate", "The " + std::string(name()) + " " + quoted_text(path_) + " " +
                           std::move(fault) + ". (" + describe(given_.from) + ")"));
}

subject_search::need certificate_search::file_read(file_outcome const& outcome) {
    if (outcome.what != file_outcome::kind::text) {
        return explain_source_file(given_.from, name(), path_, outcome);
    }
    auto text = outcome.text.reveal();
    switch (stage_) {
    case stage::configuration:
        return take_configuration(text);
    case stage::certificate:
        return take_certificate(text);
    case stage::trust_chain:
        return take_trust_chain(text);
    case stage::key:
        break;
    }
    return take_key(text);
}

subject_search::need certificate_search::take_configuration(std::string_view text) {
    secret_json json(text);
    auto configurations = json.object("cert_configs").value_or(secret_object());
    auto workload = configurations.object("workload");
    auto certificate = workload ? workload->text_or_empty("cert_path") : std::string_view();
    key_path_ = workload ? workload->text_or_empty("key_path") : std::string_view();
    if (certificate.empty() || key_path_.empty()) {
        return fail("does not name cert_path and key_path under cert_configs.workload");
    }
    return read(stage::certificate, std::string(certificate));
}

subject_search::need certificate_search::take_certificate(std::string_view text) {
    auto own = read_certificates(text);
    if (!own) {
        return fail(std::move(own.error()));
    }
    certificates_ = secret(std::string(text));
    chain_ = {std::move(own->front())};
    return source_.trust_chain.empty() ? read(stage::key, key_path_)
                                       : read(stage::trust_chain, source_.trust_chain);
}

/// Google wants the own certificate once, in front; the file may begin with it.
subject_search::need certificate_search::take_trust_chain(std::string_view text) {
    auto issuers = read_certificates(text);
    if (!issuers) {
        return fail(std::move(issuers.error()));
    }
    for (std::size_t i = 0; i < issuers->size(); ++i) {
        bool own = (*issuers)[i] == chain_.front();
        if (own && i > 0) {
            return fail("holds the workload's own certificate, but not as the first one");
        }
        if (!own) {
            chain_.push_back(std::move((*issuers)[i]));
        }
    }
    return read(stage::key, key_path_);
}

subject_search::need certificate_search::take_key(std::string_view text) {
    client_identity shown{.certificates = std::move(certificates_),
                          .key = secret(std::string(text))};
    auto identity = std::make_shared<client_identity const>(std::move(shown));
    if (auto checked = check_identity(*identity); !checked) {
        return fail(std::move(checked.error()));
    }
    return subject_token{.text = secret(certificates_as_json(chain_)),
                         .identity = std::move(identity)};
}

std::string certificates_as_json(std::vector<std::string> const& chain) {
    std::string json;
    for (auto const& certificate : chain) {
        json += json.empty() ? "[\"" : ",\"";
        json += base64(certificate) + "\"";
    }
    return json + "]";
}

} // namespace vertex_relay::core::google
