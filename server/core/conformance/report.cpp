#include "core/conformance/report.hpp"

#include "core/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vertex_relay::core::conformance {

namespace {

std::size_t count(std::vector<result_row> const& rows, outcome what) {
    return static_cast<std::size_t>(std::ranges::count(
        rows, what, [](result_row const& row) { return row.said.what; }));
}

std::string row_json(result_row const& row) {
    auto const& what = *row.call.what;
    return fmt::format(
        R"({{"name":{},"way":{},"verdict":{},"finding":{},"question":{},"section":{},"place":{},)"
        R"("status":{},"ms":{}}})",
        json_string(what.name), json_string(name_of(row.call.how)),
        json_string(name_of(row.said.what)), json_string(row.said.finding),
        json_string(what.question), json_string(what.section), json_string(name_of(what.where)),
        row.status, row.took.count());
}

} // namespace

std::string row_text(result_row const& row) {
    return fmt::format("{:<26} {:<8} {:<8} {}\n", row.call.what->name, name_of(row.call.how),
                       name_of(row.said.what), row.said.finding);
}

std::string closing_text(std::vector<result_row> const& rows) {
    auto text = fmt::format("{} held, {} differ, {} refused, {} skipped\n",
                            count(rows, outcome::held), count(rows, outcome::differs),
                            count(rows, outcome::refused), count(rows, outcome::skipped));
    if (count(rows, outcome::differs) > 0) {
        text += "What differs past the relay is news about Vertex AI; what differs through it is a "
                "fault of the relay or follows from such news. Please report it with the captures "
                "(--captures DIR).\n";
    }
    if (count(rows, outcome::refused) > 0) {
        text += "What was refused says nothing: see the finding for access, quota or network.\n";
    }
    return text;
}

std::string report_json(std::vector<result_row> const& rows) {
    std::string out = "{";
    for (auto what : {outcome::held, outcome::differs, outcome::refused, outcome::skipped}) {
        out += fmt::format("\"{}\":{},", name_of(what), count(rows, what));
    }
    out += "\"checks\":[";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out += (i == 0 ? "\n" : ",\n") + row_json(rows[i]);
    }
    return out + "\n]}\n";
}

int exit_code_of(std::vector<result_row> const& rows) {
    auto held = count(rows, outcome::held);
    return held > 0 && held + count(rows, outcome::skipped) == rows.size() ? 0 : 1;
}

} // namespace vertex_relay::core::conformance
