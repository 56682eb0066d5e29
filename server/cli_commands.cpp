#include "cli_commands.hpp"

namespace vertex_relay {

namespace {

constexpr command_option simulate_rows[] = {
    {"--port", "PORT", "Port of the simulated Vertex AI on 127.0.0.1; 0, the default, is any."},
    {"--metadata-port", "PORT", "Port of the simulated metadata server; 0, the default, is any."},
    {"--dir", "DIR", "Where its certificate and credential files go; default: a new directory.",
     true},
    {"--script", "FILE", "A script of answers and faults to play in order.", true},
    {"--replay", "DIR", "Give the answers captured in DIR again to the same requests.", true},
    {"--project", "PROJECT", "The project it simulates."},
    {"--token-lifetime", "SECONDS", "How long its tokens live; 0, the default, is an hour."},
    {"--trace", "", "Print a line for each chat begun, finished or cancelled and each token."},
    {"--list-faults", "", "List the models that misbehave on purpose, and exit."},
};

constexpr command_option print_token_rows[] = {
    {"--json", "", "Print JSON with the token, its expiry and its project."},
    {"--explain", "", "Say how the credentials were found, without printing the token."},
};

constexpr command_option conformance_rows[] = {
    {"--list", "", "List the checks, and call nobody."},
    {"--yes", "", "Do not ask for consent to the cost."},
    {"--only", "NAME,…", "Run these checks alone."},
    {"--gemini", "MODEL", "The Gemini model that is asked; default: google/gemini-3.5-flash."},
    {"--open-model", "MODEL", "The open model; default: openai/gpt-oss-120b-maas."},
    {"--max-tokens", "N", "Limit of each answer; default: 256."},
    {"--timeout", "SECONDS", "Limit of each call; default: 60."},
    {"--captures", "DIR", "Write redacted captures, for 'simulate --replay'.", true},
    {"--json", "", "Print JSON for programs."},
};

constexpr command_option doctor_rows[] = {
    {"--json", "", "Print one JSON object for programs."},
    {"--no-requests", "", "Ask no model; else each costs at most one token of an answer."},
};

constexpr command_option env_rows[] = {
    {"--shell", "SHELL", "For which shell; default: the one $SHELL names.", false,
     "bash,zsh,fish,tcsh"},
    {"--unset", "", "Take the variables away again."},
};

constexpr command_option tail_rows[] = {
    {"--json", "", "Print the lines as JSON."},
};

constexpr command_row rows[] = {
    {command::serve, "serve", "Start the relay. The default when no command is given.", {}},
    {command::demo, "demo", "Start the relay on a simulated Vertex AI: no account needed.", {}},
    {command::simulate, "simulate", "Start the simulated Vertex AI alone, to test against.",
     simulate_rows},
    {command::doctor, "doctor", "Look at everything the relay needs, and say what to do about it.",
     doctor_rows},
    {command::env, "env",
     "Print variables that point OpenAI tools here: eval \"$(vertex-relay env)\"",
     env_rows},
    {command::models, "models", "List the models that this configuration offers.", {}},
    {command::print_token, "print-token", "Print a Google access token for other programs.",
     print_token_rows},
    {command::tail, "tail", "Follow the requests of a running relay live.", tail_rows},
    {command::health, "health", "Ask a running relay whether it lives; exit 0 if it does.", {}},
    {command::check_config, "check-config", "Print every setting and where its value came from.",
     {}},
    {command::conformance, "conformance",
     "Ask the real Vertex AI whether it does what the relay expects.", conformance_rows},
    {command::completion, "completion", "Print what a shell needs to complete this command line.",
     {}, "bash,zsh,fish"},
    {command::man, "man", "Print the manual page; read it with: vertex-relay man | man -l -", {}},
};

} // namespace

std::span<command_row const> command_rows() { return rows; }

} // namespace vertex_relay
