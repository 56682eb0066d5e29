#pragma once
// Subject tokens that a program prints (google.aip.dev/auth/4117, executable-sourced credentials).

#include "core/google/external/subject_search.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::core::google {

class executable_search final : public subject_search {
public:
    executable_search(context const& given, executable_source const& source)
        : subject_search(given), source_(source) {}

    need begin() override;
    need file_read(file_outcome const& outcome) override;
    need program_ended(program_outcome const& outcome) override;

private:
    need run();

    executable_source const& source_;
    run_program program_;
};

/// Words separated by white space; quotes and backslashes as in a shell, but nothing is expanded.
/// Nullopt for a quote that is never closed or no word at all.
std::optional<std::vector<std::string>> split_command(std::string_view command);

/// What the document of a program says.
struct executable_answer {
    enum class kind { token, refused, expired, malformed };

    kind what = kind::malformed;
    secret token = {};
    std::string fault = {}; ///< a clause for a message; with `refused` the program's own words
};

/// `output_file` documents must say when they expire; `now` is UTC since 1970.
executable_answer read_executable_answer(std::string_view text, bool must_expire, seconds now);

} // namespace vertex_relay::core::google
