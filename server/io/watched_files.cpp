#include "io/watched_files.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace vertex_relay::io {

watched_files::state watched_files::look(std::string const& path) {
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
        return {};
    }
    state now{.there = true, .device = found.st_dev, .inode = found.st_ino};
    if (S_ISREG(found.st_mode)) {
        now.size = found.st_size;
        auto const& modified = found.st_mtim;
        now.modified_ns = std::int64_t{modified.tv_sec} * 1'000'000'000 + modified.tv_nsec;
    }
    return now;
}

void watched_files::note(std::string const& path) { noted_[path] = look(path); }

void watched_files::note_again() {
    for (auto& [path, noted] : noted_) {
        noted = look(path);
    }
}

bool watched_files::changed() const {
    return std::ranges::any_of(
        noted_, [](auto const& entry) { return look(entry.first) != entry.second; });
}

} // namespace vertex_relay::io
