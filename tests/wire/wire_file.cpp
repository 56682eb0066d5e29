#include "wire/wire_file.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace vertex_relay::tests {

namespace {

using kind = wire_step::kind;

/// Longer arrows first: each begins with the shorter one.
constexpr std::array<std::pair<std::string_view, kind>, 5> marks{{
    {">>", kind::origin_gets},
    {"<<", kind::origin_sends},
    {">", kind::client_sends},
    {"<", kind::client_gets},
    {"!", kind::event},
}};

/// The text behind a mark and one blank; nullopt if the line has another mark.
std::optional<std::string_view> behind(std::string_view line, std::string_view mark) {
    if (!line.starts_with(mark)) {
        return std::nullopt;
    }
    line.remove_prefix(mark.size());
    bool apart = line.empty() || line.front() == ' ';
    return apart ? std::optional(line.substr(line.empty() ? 0 : 1)) : std::nullopt;
}

std::string wire_line(std::string_view text) {
    return text.ends_with('\\') ? std::string(text.substr(0, text.size() - 1))
                                : std::string(text) + "\r\n";
}

void add_step(wire_case& to, kind what, std::string_view text, std::size_t line) {
    if (what == kind::event) {
        to.steps.push_back({what, std::string(text), line});
        return;
    }
    auto* last = to.steps.empty() ? nullptr : &to.steps.back();
    if (last != nullptr && last->what == what && last->line + last->lines == line) {
        last->text += wire_line(text);
        ++last->lines;
    } else {
        to.steps.push_back({what, wire_line(text), line});
    }
}

/// False if the line has no meaning where it stands.
bool read_line(std::string_view line, std::size_t number, wire_script& out) {
    if (line.empty() || line.front() == '#') {
        return true;
    }
    if (auto setting = behind(line, "%"); setting && out.cases.empty()) {
        out.settings += std::string(*setting) + "\n";
        return true;
    }
    if (auto title = behind(line, "==")) {
        out.cases.push_back({std::string(*title), number, {}});
        return true;
    }
    for (auto const& [mark, what] : marks) {
        if (auto text = behind(line, mark); text && !out.cases.empty()) {
            add_step(out.cases.back(), what, *text, number);
            return true;
        }
    }
    return false;
}

} // namespace

std::expected<wire_script, std::string> parse_wire(std::string_view text) {
    wire_script out;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
        if (!read_line(line, number, out)) {
            return std::unexpected(fmt::format("line {}: no meaning here: {}", number, line));
        }
    }
    return out;
}

} // namespace vertex_relay::tests
