#include "simulator/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace vertex_relay::simulator {

namespace fs = std::filesystem;

namespace {

std::unexpected<std::string> failed(std::string_view what, fs::path const& path) {
    return std::unexpected(
        fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

} // namespace

std::expected<file_set, std::string> file_set::open(fs::path dir) {
    if (!dir.empty()) {
        bool made = ::mkdir(dir.c_str(), 0700) == 0;
        if (!made && errno != EEXIST) {
            return failed("make the directory", dir);
        }
        return file_set(std::move(dir), made);
    }
    std::error_code error;
    auto base = fs::temp_directory_path(error);
    std::string pattern = (base / "vertex-simulator-XXXXXX").string();
    if (error || ::mkdtemp(pattern.data()) == nullptr) {
        return failed("make a directory under", base);
    }
    return file_set(pattern, true);
}

file_set::file_set(file_set&& other) noexcept
    : dir_(std::move(other.dir_)), ours_(std::exchange(other.ours_, false)),
      files_(std::exchange(other.files_, {})) {}

file_set::~file_set() {
    for (auto const& file : files_) {
        ::unlink(file.c_str());
    }
    if (ours_) {
        ::rmdir(dir_.c_str());
    }
}

std::expected<fs::path, std::string> file_set::write(std::string_view name,
                                                     std::string_view bytes) {
    auto path = dir_ / name;
    int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return failed("create", path);
    }
    files_.push_back(path);
    auto written = ::write(file, bytes.data(), bytes.size());
    ::close(file);
    return std::cmp_equal(written, bytes.size())
               ? std::expected<fs::path, std::string>(path)
               : failed("write", path);
}

} // namespace vertex_relay::simulator
