#include "io/file_read.hpp"
#include "io/watched_files.hpp"

#include "net/token_rig.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace vertex_relay;
using tests::scratch_directory;
using kind = core::google::file_outcome::kind;

TEST_CASE("a credential file is read whole or not at all", "[file_read]") {
    scratch_directory files;
    auto read = [&](std::string const& name, std::string const& sibling = {}) {
        return io::read_credential_file(files.path(name), sibling);
    };

    SECTION("text, of any size up to the limit") {
        for (std::size_t size : {0UL, 1UL, 16'384UL, 16'385UL, 1'048'576UL}) {
            std::string text(size, 'x');
            files.write("file", text);
            auto outcome = read("file");
            CHECK(outcome.what == kind::text);
            CHECK(outcome.text.reveal() == text);
        }
    }
    SECTION("too large") {
        files.write("file", std::string(1'048'577, 'x'));
        CHECK(read("file").what == kind::too_large);
    }
    SECTION("missing, with and without its sibling") {
        CHECK(read("none").what == kind::not_found);
        CHECK_FALSE(read("none", files.path("beside")).sibling_exists);
        auto beside = files.write("beside", "");
        CHECK(read("none", beside).sibling_exists);
        CHECK(read("beside/none").what == kind::not_found);
    }
    SECTION("a directory, a device") {
        CHECK(io::read_credential_file(files.path("."), {}).what == kind::is_directory);
        auto device = io::read_credential_file("/dev/zero", {});
        CHECK(device.what == kind::failed);
        CHECK_FALSE(device.reason.empty());
    }
    SECTION("a loop of links") {
        std::filesystem::create_symlink(files.path("loop"), files.path("loop"));
        CHECK(read("loop").what == kind::failed);
    }
    SECTION("not ours to read") {
        files.write("file", "x");
        ::chmod(files.path("file").c_str(), 0000);
        if (::geteuid() != 0) { // root reads everything
            auto outcome = read("file");
            CHECK(outcome.what == kind::unreadable);
            CHECK(outcome.owner_uid == ::geteuid());
            CHECK(outcome.mode == 0);
        }
    }
}

TEST_CASE("a pipe is read to its end", "[file_read]") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto path = "/dev/fd/" + std::to_string(ends[0]);
    std::string const text(200'000, 'y'); // more than a pipe holds
    std::thread writer([&] {
        for (std::string_view rest = text; !rest.empty();) {
            auto wrote = ::write(ends[1], rest.data(), rest.size());
            if (wrote <= 0) {
                break;
            }
            rest.remove_prefix(static_cast<std::size_t>(wrote));
        }
        ::close(ends[1]);
    });
    auto outcome = io::read_credential_file(path, {});
    ::close(ends[0]);
    writer.join();
    CHECK(outcome.what == kind::text);
    CHECK(outcome.text.reveal() == text);
}

TEST_CASE("a silent pipe does not stall the start", "[file_read]") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    auto begun = std::chrono::steady_clock::now();
    auto outcome = io::read_credential_file("/dev/fd/" + std::to_string(ends[0]), {});
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
    CHECK(outcome.what == kind::failed);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("changes of watched files are noticed", "[watched_files]") {
    scratch_directory files;
    auto path = files.write("file", "one");
    io::watched_files watched;
    watched.note(path);
    watched.note(files.path("missing"));
    CHECK_FALSE(watched.changed());

    SECTION("replaced by one of the same size") {
        files.write("file", "two");
        CHECK(watched.changed());
    }
    SECTION("removed") {
        std::filesystem::remove(path);
        CHECK(watched.changed());
    }
    SECTION("made") {
        files.write("missing", "");
        CHECK(watched.changed());
    }
    SECTION("touched") {
        timespec times[2] = {{.tv_sec = 1, .tv_nsec = 0}, {.tv_sec = 1, .tv_nsec = 0}};
        REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
        CHECK(watched.changed());
    }
    SECTION("a link that points elsewhere, as Kubernetes does") {
        files.write("a/key", "same");
        files.write("b/key", "same");
        std::filesystem::create_directory_symlink(files.path("a"), files.path("current"));
        watched.note(files.path("current/key"));
        CHECK_FALSE(watched.changed());
        std::filesystem::remove(files.path("current"));
        std::filesystem::create_directory_symlink(files.path("b"), files.path("current"));
        CHECK(watched.changed());
    }
    SECTION("forgotten") {
        std::filesystem::remove(path);
        watched.clear();
        CHECK_FALSE(watched.changed());
    }
}
