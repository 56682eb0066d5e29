#include "io/tls_memory.hpp"

#include <openssl/crypto.h>

#include <malloc.h>

#include <array>
#include <cstdlib>

namespace vertex_relay::io {

namespace {

/// All blocks between these bounds are of one size, so that any fits any wish.
constexpr std::size_t record_bytes_min = 16 * 1024;
constexpr std::size_t record_bytes_max = record_bytes_min + 512;

bool is_record(std::size_t bytes) {
    return bytes > record_bytes_min && bytes <= record_bytes_max;
}

thread_local bool thread_ends = false; // no destructor: can be asked after the shelf's

/// One thread's. What comes back to a full shelf, or at its thread's end, is freed.
class shelf {
public:
    ~shelf() {
        thread_ends = true;
        while (kept_ > 0) {
            std::free(blocks_[--kept_]);
        }
    }

    void* take() { return kept_ > 0 ? blocks_[--kept_] : std::malloc(record_bytes_max); }
    bool put(void* block) {
        bool room = kept_ < blocks_.size();
        if (room) {
            blocks_[kept_++] = block;
        }
        return room;
    }

private:
    std::array<void*, 4> blocks_{};
    std::size_t kept_ = 0;
};

thread_local shelf records;

void* allocate(std::size_t bytes, char const*, int) {
    return is_record(bytes) && !thread_ends ? records.take() : std::malloc(bytes);
}

/// A record buffer never grows in OpenSSL; one that did would only leave the shelf.
void* reallocate(void* block, std::size_t bytes, char const*, int) {
    return std::realloc(block, bytes);
}

void release(void* block, char const*, int) {
    auto usable = block != nullptr ? ::malloc_usable_size(block) : 0;
    bool record = usable >= record_bytes_max && usable < record_bytes_max + 64;
    if (!record || thread_ends || !records.put(block)) {
        std::free(block);
    }
}

} // namespace

void keep_record_buffers() {
    CRYPTO_set_mem_functions(allocate, reallocate, release);
}

} // namespace vertex_relay::io
