#include "cli_manual.hpp"

#include "cli_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace vertex_relay {

namespace {

/// Text of man(7): hyphens that are typed, and no line that looks like a request.
std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        bool begins_line = out.empty() || out.back() == '\n';
        if (begins_line && (c == '.' || c == '\'')) {
            out += "\\&";
        }
        if (c == '-') {
            out += "\\-";
        } else if (c == '\\') {
            out += "\\e";
        } else {
            out += c;
        }
    }
    return out;
}

std::string item(flag_text const& flag, std::string_view more = {}) {
    auto names = flag.short_name.empty() ? flag.name : flag.short_name + ", " + flag.name;
    auto value = flag.value.empty() ? std::string()
                                    : fmt::format(" \\fI{}\\fR", escaped(flag.value));
    return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n{}", escaped(names), value, escaped(flag.help),
                       more);
}

std::string commands() {
    std::string out;
    for (auto const& row : command_rows()) {
        auto operand = row.operand.empty()
                           ? std::string()
                           : fmt::format(" \\fI{}\\fR", fmt::join(words_of(row.operand), "|"));
        out += fmt::format(".SS {}{}\n{}\n", escaped(row.name), operand, escaped(row.help));
        for (auto const& flag : own_flags(row)) {
            out += item(flag);
        }
    }
    return out;
}

std::string settings() {
    std::string out;
    std::string_view section = "none yet";
    for (auto const& row : core::settings()) {
        if (core::section_of(row.key) != section) {
            section = core::section_of(row.key);
            out += section.empty() ? ".SS General\n" : fmt::format(".SS [{}]\n", section);
        }
        auto more = fmt::format(".br\nDefault: {}.\n.br\nVariable: {}\n",
                                escaped(default_text(row)),
                                escaped(core::variable_name(row.key)));
        if (row.words != nullptr) {
            more += fmt::format(".br\nNames: {}.\n", fmt::join(row.words(), ", "));
        }
        out += item(flag_of(row), more);
    }
    return out;
}

std::string general() {
    std::string out;
    for (auto const& flag : general_flags()) {
        out += item(flag);
    }
    return out;
}

} // namespace

std::string manual_page() {
    return fmt::format(R"roff(.TH VERTEX\-RELAY 1 "" "vertex\-relay {}" "User Commands"
.SH NAME
vertex\-relay \- use Google Vertex AI from any tool that speaks the OpenAI API
.SH SYNOPSIS
.B vertex\-relay
.RI [ COMMAND ]
.RI [ OPTIONS ]
.SH DESCRIPTION
A local server that speaks the OpenAI API and answers from Google Vertex AI.
It finds Google credentials, keeps an access token fresh, maps model names, and relays answers as
they arrive.
Point a tool at http://127.0.0.1:8642/v1 with any API key.
.PP
Without a command it serves.
Every setting is a key in a TOML file, a variable and a flag; later ones win: defaults, files,
variables, flags.
Lists are comma\-separated, times are milliseconds, sizes are bytes or such as 32MiB.
.SH COMMANDS
{}.SH OPTIONS
{}.SH SETTINGS
{}.SH FILES
.TP
.I /etc/vertex\-relay/config.toml
Settings of this machine.
.TP
.I $XDG_CONFIG_HOME/vertex\-relay/config.toml
Those of this user, which win; ~/.config where the variable is not set.
.SH ENVIRONMENT
.TP
.B VERTEX_RELAY_CONFIG
One file to read instead of the two.
.TP
.B VERTEX_RELAY_MODELS
Aliases, NAME=TARGET, comma\-separated.
.TP
.B GOOGLE_APPLICATION_CREDENTIALS
A credential file, as for Google's own libraries.
.TP
.B HTTPS_PROXY, ALL_PROXY, NO_PROXY
How Google is reached.
.SH EXIT STATUS
0 if all went well, 1 if it failed while running, 2 for wrong usage or configuration; to doctor a wrong
configuration is a failed check, 1.
.SH EXAMPLES
.TP
Try it without an account:
vertex\-relay demo
.TP
See what is missing, and what to do:
vertex\-relay doctor
.TP
Serve, and point the tools of this shell at it:
vertex\-relay \-\-project my\-project & eval "$(vertex\-relay env)"
.TP
Answer a name that a tool insists on:
vertex\-relay \-\-model gpt\-4o=google/gemini\-3.5\-flash
.SH SEE ALSO
.BR gcloud (1),
.BR curl (1)
)roff",
                       RELAY_VERSION, commands(), general(), settings());
}

} // namespace vertex_relay
