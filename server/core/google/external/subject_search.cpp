#include "core/google/external/subject_search.hpp"

#include "core/google/external/aws_search.hpp"
#include "core/google/external/certificate_search.hpp"
#include "core/google/external/executable_search.hpp"
#include "core/google/external/plain_search.hpp"

namespace vertex_relay::core::google {
namespace {

token_error unasked() {
    return transient_error(credentials_unavailable("The search for a subject token is over."));
}

struct search_maker {
    using made = std::unique_ptr<subject_search>;
    subject_search::context const& given;

    made operator()(file_source const& source) const {
        return std::make_unique<file_search>(given, source);
    }
    made operator()(url_source const& source) const {
        return std::make_unique<url_search>(given, source);
    }
    made operator()(executable_source const& source) const {
        return std::make_unique<executable_search>(given, source);
    }
    made operator()(aws_source const& source) const {
        return std::make_unique<aws_search>(given, source);
    }
    made operator()(certificate_source const& source) const {
        return std::make_unique<certificate_search>(given, source);
    }
};

} // namespace

subject_search::need subject_search::file_read(file_outcome const&) {
    return unasked();
}
subject_search::need subject_search::answered(call_outcome const&) {
    return unasked();
}
subject_search::need subject_search::program_ended(program_outcome const&) {
    return unasked();
}

std::unique_ptr<subject_search> make_subject_search(subject_search::context const& given) {
    return std::visit(search_maker{given}, given.account.source);
}

} // namespace vertex_relay::core::google
