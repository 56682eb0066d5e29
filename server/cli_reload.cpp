#include "cli_reload.hpp"

#include <algorithm>
#include <filesystem>

namespace vertex_relay {

namespace {

using note_path = std::function<void(std::string const&)>;

std::expected<invocation, usage_result> read(command_text text, file_reader const& read_file) {
    return parse_command_line(text.argc, text.argv, process_environment(), read_file);
}

/// A pipe gave its text to the start: what comes now is empty, or never comes.
std::expected<std::string, std::error_code> read_once_more(std::string const& path) {
    std::error_code unknown;
    if (std::filesystem::is_fifo(path, unknown)) {
        return std::unexpected(std::make_error_code(std::errc::invalid_seek));
    }
    return read_text_file(path);
}

} // namespace

std::expected<started_command, usage_result> read_command_line(command_text text) {
    io::watched_files files;
    auto call = read(text, [&files](std::string const& path) {
        files.note(path);
        return read_text_file(path);
    });
    if (!call) {
        return std::unexpected(std::move(call.error()));
    }
    return started_command{std::move(*call), std::move(files), text};
}

io::config_reader reader_of(started_command const& started,
                            std::function<void(core::config&)> adjust) {
    return [text = started.text, known = started.call.notices, adjust = std::move(adjust)](
               note_path const& about_to_read) -> std::expected<core::config, std::string> {
        auto call = read(text, [&about_to_read](std::string const& path) {
            about_to_read(path);
            return read_once_more(path);
        });
        if (!call) {
            return std::unexpected(std::move(call.error().reason));
        }
        for (auto const& notice : call->notices) {
            if (std::ranges::find(known, notice) == known.end()) {
                return std::unexpected(notice);
            }
        }
        adjust(call->loaded.config);
        return std::move(call->loaded.config);
    };
}

} // namespace vertex_relay
