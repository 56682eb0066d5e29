#pragma once
// The bytes of one client connection, read front to back.
//
//     | consumed |        data()        | prepared | padding |
//     ^storage   ^begin_                ^end_      ^capacity
//
// A body that was announced is read into one piece of memory of exactly its size and parsed where
// it stands; simdjson needs readable padding behind it.

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace vertex_relay::core {

class read_buffer {
public:
    static constexpr std::size_t padding = 64; ///< simdjson::SIMDJSON_PADDING
    static constexpr std::size_t kept_bytes = 8 * 1024;

    std::string_view data() const { return {storage_.get() + begin_, end_ - begin_}; }
    std::span<char> writable_data() { return {storage_.get() + begin_, end_ - begin_}; }
    std::size_t capacity() const { return capacity_; }

    /// Room for at least `bytes` more. Views into `data()` end here if the storage moves.
    std::span<char> prepare(std::size_t bytes) {
        if (capacity_ - end_ < bytes) {
            make_room(bytes);
        }
        return {storage_.get() + end_, capacity_ - end_};
    }
    void commit(std::size_t bytes) { end_ += bytes; }
    void consume(std::size_t bytes) {
        begin_ += bytes;
        if (begin_ == end_) {
            begin_ = end_ = 0;
        }
    }
    /// Forgets everything behind the first `bytes` of `data()`.
    void truncate(std::size_t bytes) { end_ = begin_ + bytes; }

    /// Gives back what a big message needed; a connection that waits keeps a small block.
    void trim() {
        if (capacity_ > kept_bytes) {
            shrink();
        }
    }
    /// Gives the memory back; what is still unread moves to a block of its own size.
    void shrink() {
        if (begin_ == end_) {
            storage_.reset();
            begin_ = end_ = capacity_ = 0;
        } else if (capacity_ > 4 * (end_ - begin_)) {
            move_to(end_ - begin_);
        }
    }

private:
    void make_room(std::size_t bytes) {
        auto size = end_ - begin_;
        if (begin_ > 0 && capacity_ - size >= bytes) {
            std::memmove(storage_.get(), storage_.get() + begin_, size);
            begin_ = 0;
            end_ = size;
            return;
        }
        bool doubles = bytes < capacity_; // growing without an announced size
        move_to(doubles ? 2 * capacity_ + bytes : size + bytes);
    }
    void move_to(std::size_t capacity) {
        auto size = end_ - begin_;
        auto fresh = std::make_unique_for_overwrite<char[]>(capacity + padding);
        if (size > 0) {
            std::memcpy(fresh.get(), storage_.get() + begin_, size);
        }
        storage_ = std::move(fresh);
        capacity_ = capacity;
        begin_ = 0;
        end_ = size;
    }

    std::unique_ptr<char[]> storage_;
    std::size_t capacity_ = 0; ///< without the padding
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace vertex_relay::core
