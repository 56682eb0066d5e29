#pragma once
// Notices that files were changed, replaced, made or removed, by path and without inotify: mounted
// secrets change by swapped symbolic links, and network file systems notify nobody.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>

namespace vertex_relay::io {

class watched_files {
public:
    /// Takes the present state of `path`. Call before reading it, so that no change is missed.
    void note(std::string const& path);

    /// Whether any noted file differs from its noted state: device, inode, size or time of change.
    /// Of anything but a regular file only device and inode count: reading a pipe changes it.
    bool changed() const;

    /// Takes the present state of all that was noted.
    void note_again();

    void clear() { noted_.clear(); }

private:
    struct state {
        bool there = false;
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        std::int64_t modified_ns = 0;
        bool operator==(state const&) const = default;
    };
    static state look(std::string const& path);

    std::map<std::string, state> noted_;
};

} // namespace vertex_relay::io
