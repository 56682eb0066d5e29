// The file behind the memory of thought signatures.

#include "io/signature_store.hpp"
#include "net/token_rig.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <thread>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;

/// Calls differ in their arguments, too: by them they are found if the id is unknown.
core::signed_call call(std::string_view id) { return {id, "secret_name", id}; }

std::string text_of(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("a store without a file remembers until it ends", "[signature]") {
    io::signature_store store("");
    store.remember(call("a"), "one");
    CHECK(store.find(call("a")) == "one");
    CHECK_FALSE(io::signature_store("").find(call("a")));
}

TEST_CASE("a store with a file remembers after a restart", "[signature]") {
    scratch_directory files;
    auto path = files.path("missing"); // made when needed
    {
        io::signature_store store(path);
        store.remember(call("a"), "one");
        store.remember(call("b"), "two");
        store.remember(call("a"), "three");
    }
    struct stat kept{};
    REQUIRE(::stat(path.c_str(), &kept) == 0);
    CHECK((kept.st_mode & 0777U) == 0600U);
    CHECK(text_of(path).find("secret") == std::string::npos); // no arguments, no names
    io::signature_store again(path);
    CHECK(again.find(call("a")) == "three");
    CHECK(again.find(call("b")) == "two");
    CHECK(std::ranges::count(text_of(path), '\n') == 2); // written anew without what was replaced
}

TEST_CASE("a file that others may read is closed to them", "[signature]") {
    scratch_directory files;
    auto path = files.write("kept", "");
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    io::signature_store store(path);
    struct stat kept{};
    REQUIRE(::stat(path.c_str(), &kept) == 0);
    CHECK((kept.st_mode & 0777U) == 0600U);
}

TEST_CASE("a damaged file costs what is damaged", "[signature]") {
    scratch_directory files;
    auto path = files.write("kept", "");
    {
        io::signature_store store(path);
        store.remember(call("a"), "one");
        store.remember(call("b"), "two");
    }
    auto text = text_of(path);
    files.write("kept", "\xff\n" + text.substr(0, text.size() - 3)); // cut inside the last line
    io::signature_store store(path);
    CHECK(store.find(call("a")) == "one");
    CHECK_FALSE(store.find(call("b"))); // half a signature is none
}

TEST_CASE("a file of something else is left as it is", "[signature]") {
    scratch_directory files;
    for (auto other : {"{\"type\": \"authorized_user\"}", "[google]\nproject = \"p\"\n", "\n"}) {
        auto path = files.write("kept", other);
        CHECK_THROWS_WITH(io::signature_store(path), Catch::Contains("holds something else"));
        CHECK(text_of(path) == other);
    }
}

TEST_CASE("a second relay takes no file away from the first", "[signature]") {
    scratch_directory files;
    auto path = files.path("kept");
    {
        io::signature_store first(path);
        {
            io::signature_store second(path);
            second.remember(call("b"), "two");
        }
        first.remember(call("a"), "one");
    }
    io::signature_store again(path);
    CHECK(again.find(call("a")) == "one");
    CHECK(again.find(call("b")) == "two");
}

TEST_CASE("a file that cannot be had is said at once", "[signature]") {
    scratch_directory files;
    auto inside_a_file = files.write("plain", "") + "/kept";
    CHECK_THROWS_WITH(io::signature_store(inside_a_file),
                      Catch::StartsWith("signatures.file: '" + inside_a_file + "' cannot be"));
    auto nowhere = files.path("missing/kept");
    CHECK_THROWS_WITH(io::signature_store(nowhere), Catch::Contains("No such file or directory"));
}

TEST_CASE("all workers share one store", "[signature]") {
    scratch_directory files;
    auto path = files.write("kept", "");
    io::signature_store store(path);
    std::atomic<int> found = 0;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 4; ++worker) {
        workers.emplace_back([&, worker] {
            for (int i = 0; i < 200; ++i) {
                auto id = std::to_string(worker * 1000 + i);
                store.remember(call(id), id);
                found += store.find(call(id)) == id ? 1 : 0;
            }
        });
    }
    for (auto& worker : workers) {
        worker.join();
    }
    CHECK(found == 800);
    CHECK(std::ranges::count(text_of(path), '\n') == 800);
}
