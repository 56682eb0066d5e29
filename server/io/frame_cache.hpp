#pragma once
// Memory of coroutine frames, kept per thread: an exchange runs through about twenty tasks, always
// the same ones, so their frames are handed round instead of going through the heap each time.

#include <array>
#include <cstddef>
#include <new>

namespace vertex_relay::io {

class frame_cache {
public:
    static void* take(std::size_t bytes) {
        auto index = size_class(bytes);
        if (index < classes) {
            auto& shelf = mine().shelves_[index];
            if (shelf.count > 0) {
                return shelf.frames[--shelf.count];
            }
            return ::operator new((index + 1) * step_bytes);
        }
        return ::operator new(bytes);
    }

    static void give(void* frame, std::size_t bytes) noexcept {
        auto index = size_class(bytes);
        if (index < classes) {
            auto& shelf = mine().shelves_[index];
            if (shelf.count < shelf.frames.size()) {
                shelf.frames[shelf.count++] = frame;
                return;
            }
        }
        ::operator delete(frame);
    }

    ~frame_cache() {
        for (auto& shelf : shelves_) {
            while (shelf.count > 0) {
                ::operator delete(shelf.frames[--shelf.count]);
            }
        }
    }

private:
    static constexpr std::size_t step_bytes = 128;
    static constexpr std::size_t classes = 16; ///< frames up to 2 KiB
    struct shelf {
        std::array<void*, 64> frames; ///< at most 64 of a size: 1.1 MiB a thread in all
        std::size_t count = 0;
    };

    static std::size_t size_class(std::size_t bytes) { return (bytes - 1) / step_bytes; }
    static frame_cache& mine() {
        thread_local frame_cache cache;
        return cache;
    }

    std::array<shelf, classes> shelves_{};
};

} // namespace vertex_relay::io
