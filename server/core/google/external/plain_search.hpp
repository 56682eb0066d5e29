#pragma once
// Subject tokens that lie in a file or behind a URL.

#include "core/google/external/subject_search.hpp"

namespace vertex_relay::core::google {

class file_search final : public subject_search {
public:
    file_search(context const& given, file_source const& source)
        : subject_search(given), source_(source) {}

    need begin() override;
    need file_read(file_outcome const& outcome) override;

private:
    file_source const& source_;
};

class url_search final : public subject_search {
public:
    url_search(context const& given, url_source const& source)
        : subject_search(given), source_(source) {}

    need begin() override;
    need answered(call_outcome const& outcome) override;

private:
    url_source const& source_;
};

/// What a place that should have given a subject token, or a part of one, did instead. `place`
/// begins the sentence; `hint` ends it.
token_error explain_source_call(credential const& from, call_outcome const& outcome,
                                std::string const& place, std::string const& hint);

} // namespace vertex_relay::core::google
