#pragma once
// The few files the simulator leaves on disk while it runs.

#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace vertex_relay::simulator {

/// A directory with files only this user can read. Destroying it removes the files, and the
/// directory if `open` made it.
class file_set {
public:
    /// Empty `dir`: a fresh directory under the system's temporary one.
    static std::expected<file_set, std::string> open(std::filesystem::path dir);

    file_set(file_set&& other) noexcept;
    file_set& operator=(file_set&&) = delete;
    ~file_set();

    std::filesystem::path const& dir() const { return dir_; }

    /// Writes `name` with mode 0600. A file that is there is an error: it may be somebody's.
    std::expected<std::filesystem::path, std::string> write(std::string_view name,
                                                            std::string_view bytes);

private:
    file_set(std::filesystem::path dir, bool ours) : dir_(std::move(dir)), ours_(ours) {}
    std::filesystem::path dir_;
    bool ours_;
    std::vector<std::filesystem::path> files_;
};

} // namespace vertex_relay::simulator
