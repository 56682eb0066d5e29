#pragma once
// One run of `conformance` after consent: the calls of a plan one after the other, judged, printed
// as they come, and captured.

#include "core/conformance/redaction.hpp"
#include "core/conformance/report.hpp"
#include "io/conformance_caller.hpp"

#include <array>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace vertex_relay::io {

/// Where the questions for each place go. Names of aliases, so that the relay finds them too.
void add_places(core::config& settings, core::conformance::wishes const& wanted);
/// The first alias of an endpoint; empty: there is none.
std::string endpoint_alias(core::config const& settings);

class conformance_run {
public:
    conformance_run(conformance_caller& caller, std::shared_ptr<service const> shared,
                    core::conformance::wishes const& wanted);

    /// Makes the directory for captures; the error is a sentence.
    std::expected<void, std::string> prepare();
    task<> work(fiber& sleeper, core::conformance::plan made);
    std::vector<core::conformance::result_row> const& rows() const { return rows_; }
    /// A file that could not be written; empty: none.
    std::string const& trouble() const { return trouble_; }

private:
    struct question;
    question make_question(core::conformance::planned_call call) const;
    void hide_account();
    void take(core::conformance::planned_call call, question const& asked,
              core::conformance::answer_seen const& answer);
    void write(std::filesystem::path const& dir, question const& asked,
               core::conformance::answer_seen const& answer);
    void print(core::conformance::result_row row);

    conformance_caller& caller_;
    std::shared_ptr<service const> shared_;
    core::conformance::wishes const& wanted_;
    core::secret bad_token_;
    core::conformance::redaction hidden_;
    std::vector<core::conformance::result_row> rows_;
    std::string trouble_;
};

} // namespace vertex_relay::io
