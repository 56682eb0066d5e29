#include "cli_completion.hpp"

#include "cli_flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace vertex_relay {

namespace {

std::vector<flag_text> flags_everywhere() {
    auto flags = setting_flags();
    auto general = general_flags();
    std::ranges::move(general, std::back_inserter(flags));
    return flags;
}

std::vector<std::string> names_of(std::vector<flag_text> const& flags) {
    std::vector<std::string> names;
    for (auto const& flag : flags) {
        names.push_back(flag.name);
        if (!flag.short_name.empty()) {
            names.push_back(flag.short_name);
        }
    }
    return names;
}

std::vector<std::string_view> command_names() {
    std::vector<std::string_view> names;
    for (auto const& row : command_rows()) {
        names.push_back(row.name);
    }
    return names;
}

/// In single quotes of a shell; the texts of the tables have no backslash.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    return out + "'";
}

/// `    --log-format | --x) values='auto text json' ;;`
std::string bash_values(std::vector<flag_text> const& flags) {
    std::map<std::string, std::vector<std::string>> same; // values → flags
    for (auto const& flag : flags) {
        bool takes_value = !flag.value.empty();
        auto action = fmt::format("{}{}", fmt::join(flag.words, " "), flag.is_path ? " FILE" : "");
        if (takes_value) {
            auto names = names_of({flag});
            same[action].insert(same[action].end(), names.begin(), names.end());
        }
    }
    std::string out;
    for (auto const& [action, names] : same) {
        out += fmt::format("    {}) values={} ;;\n", fmt::join(names, " | "), in_quotes(action));
    }
    return out;
}

std::string bash_script() {
    auto every = flags_everywhere();
    auto general = fmt::format("{}", fmt::join(names_of(every), " "));
    std::string own;
    for (auto const& row : command_rows()) {
        auto flags = own_flags(row);
        if (!flags.empty() || !row.operand.empty()) {
            own += fmt::format("    {}) own='{}' operands='{}' ;;\n", row.name,
                               fmt::join(names_of(flags), " "),
                               fmt::join(words_of(row.operand), " "));
        }
        std::ranges::move(flags, std::back_inserter(every));
    }
    return fmt::format(R"(# bash completion for vertex-relay
_vertex_relay() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} flag=${{COMP_WORDS[COMP_CWORD-1]}}
    local commands='{0}' command='' own='' operands='' values='' word
    # Readline makes --flag=value three words.
    if [[ $current == = ]]; then
        current=''
    elif [[ $flag == = && $COMP_CWORD -gt 1 ]]; then
        flag=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        [[ -z $command && " $commands " == *" $word "* ]] && command=$word
    done
    case $command in
{1}    esac
    COMPREPLY=()
    values=none
    case $flag in
{2}    esac
    if [[ $values != none ]]; then
        if [[ " $values " == *' FILE '* ]]; then
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            values=${{values//FILE/}}
        fi
        mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -W "$values" -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "{3} $own" -- "$current")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$operands" -- "$current")
    fi
}}
complete -F _vertex_relay vertex-relay
)",
                       fmt::join(command_names(), " "), own, bash_values(every), general);
}

/// What stands in brackets or between colons of an `_arguments` specification.
std::string zsh_escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string zsh_action(flag_text const& flag) {
    if (!flag.words.empty() && flag.is_path) {
        return fmt::format("{{_alternative \"words:word:({})\" \"files:file:_files\"}}",
                           fmt::join(flag.words, " "));
    }
    return !flag.words.empty() ? fmt::format("({})", fmt::join(flag.words, " "))
           : flag.is_path      ? "_files"
                               : " ";
}

/// `'*--listen=[Where to listen …]:ADDR\:PORT: '`: a flag may be repeated.
std::string zsh_specs(std::vector<flag_text> const& flags) {
    std::string out;
    for (auto const& flag : flags) {
        for (auto const& name : names_of({flag})) {
            auto value = flag.value.empty()
                             ? std::string()
                             : fmt::format(":{}:{}", zsh_escaped(flag.value), zsh_action(flag));
            auto spec = fmt::format("*{}{}[{}]{}", name, value.empty() ? "" : "=",
                                    zsh_escaped(flag.help), value);
            out += "        " + in_quotes(spec) + '\n';
        }
    }
    return out;
}

std::string zsh_script() {
    std::string commands;
    std::string own;
    for (auto const& row : command_rows()) {
        commands += "        " +
                    in_quotes(fmt::format("{}:{}", row.name, zsh_escaped(row.help))) + '\n';
        auto flags = own_flags(row);
        if (!flags.empty() || !row.operand.empty()) {
            auto operand = row.operand.empty()
                               ? std::string()
                               : fmt::format("        '2:shell:({})'\n",
                                             fmt::join(words_of(row.operand), " "));
            own += fmt::format("    {}) own=(\n{}{}        ) ;;\n", row.name, zsh_specs(flags),
                               operand);
        }
    }
    return fmt::format(R"(#compdef vertex-relay
_vertex_relay() {{
    local -a commands settings own
    local word command
    commands=(
{0}    )
    settings=(
{1}    )
    for word in "${{(@)words[2,CURRENT-1]}}"; do
        [[ -z $command && -n ${{(M)commands:#$word:*}} ]] && command=$word
    done
    case $command in
{2}    esac
    _arguments -S $settings $own '1:command:{{_describe command commands}}'
}}
if [ "$funcstack[1]" = "_vertex_relay" ]; then
    _vertex_relay "$@"
elif (( $+functions[compdef] )); then
    compdef _vertex_relay vertex-relay
fi
)",
                       commands, zsh_specs(flags_everywhere()), own);
}

std::string fish_line(flag_text const& flag, std::string const& condition) {
    std::string names;
    for (auto const& name : names_of({flag})) {
        names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    auto value = flag.value.empty() ? std::string(" -f") : flag.is_path ? " -r -F" : " -x";
    auto words = flag.words.empty()
                     ? std::string()
                     : fmt::format(" -a '{}'", fmt::join(flag.words, " "));
    return fmt::format("complete -c vertex-relay{}{}{}{} -d {}\n", condition, names, value, words,
                       in_quotes(flag.help));
}

std::string fish_script() {
    auto names = fmt::format("{}", fmt::join(command_names(), " "));
    std::string out = "# fish completion for vertex-relay\ncomplete -c vertex-relay -f\n";
    for (auto const& row : command_rows()) {
        out += fmt::format("complete -c vertex-relay -n 'not __fish_seen_subcommand_from {}' -a {} "
                           "-d {}\n",
                           names, row.name, in_quotes(row.help));
    }
    for (auto const& flag : flags_everywhere()) {
        out += fish_line(flag, "");
    }
    for (auto const& row : command_rows()) {
        auto condition = fmt::format(" -n '__fish_seen_subcommand_from {}'", row.name);
        for (auto const& flag : own_flags(row)) {
            out += fish_line(flag, condition);
        }
        if (!row.operand.empty()) {
            out += fmt::format("complete -c vertex-relay{} -a '{}'\n", condition,
                               fmt::join(words_of(row.operand), " "));
        }
    }
    return out;
}

} // namespace

std::string completion_script(std::string_view shell) {
    return shell == "fish" ? fish_script() : shell == "zsh" ? zsh_script() : bash_script();
}

} // namespace vertex_relay
