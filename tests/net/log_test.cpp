// Whoever reads the logs, or does not, the relay neither waits nor ends.

#include "io/log.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>

namespace {

using namespace vertex_relay;

/// What systemd sets for a service whose stderr is that descriptor.
class journal_variable {
public:
    explicit journal_variable(int fd, unsigned beside = 0) {
        struct stat file{};
        REQUIRE(::fstat(fd, &file) == 0);
        auto named = fmt::format("{}:{}", file.st_dev, file.st_ino + beside);
        ::setenv("JOURNAL_STREAM", named.c_str(), 1);
    }
    ~journal_variable() { ::unsetenv("JOURNAL_STREAM"); }
    journal_variable(journal_variable const&) = delete;
    journal_variable& operator=(journal_variable const&) = delete;
};

core::config json_logs() {
    core::config settings;
    settings.log.format = "json";
    return settings;
}

/// A pipe whose reading end is the test's.
class log_pipe {
public:
    log_pipe() {
        std::signal(SIGPIPE, SIG_IGN);
        REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0);
        ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    }
    ~log_pipe() {
        close_reader();
        ::close(ends_[1]);
    }
    int writer() const { return ends_[1]; }
    void close_reader() {
        if (ends_[0] >= 0) {
            ::close(ends_[0]);
        }
        ends_[0] = -1;
    }
    std::string read_all() const {
        std::string text;
        char piece[4096];
        for (auto got = ::read(ends_[0], piece, sizeof piece); got > 0;
             got = ::read(ends_[0], piece, sizeof piece)) {
            text.append(piece, static_cast<std::size_t>(got));
        }
        return text;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

} // namespace

TEST_CASE("a log line is one line of JSON", "[log]") {
    log_pipe pipe;
    io::log logs(json_logs(), pipe.writer());
    logs.warn("two\nlines \"quoted\"");
    logs.debug("not wanted at this level");
    core::exchange_record record{.id = "req-1", .route = "/v1/models", .status = 200};
    logs.access(record);
    auto lines = lines_of(pipe.read_all());
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].find(R"("level":"warning","message":"two\nlines \"quoted\""})") !=
          std::string::npos);
    CHECK(lines[1].starts_with(R"({"time":"20)"));
    CHECK(lines[1].find(R"("id":"req-1","route":"/v1/models")") != std::string::npos);
    CHECK(logs.lost() == 0);
}

TEST_CASE("a stuck reader of logs costs lines, not time", "[log]") {
    log_pipe pipe;
    io::log logs(json_logs(), pipe.writer());
    auto size = GENERATE(as<std::size_t>{}, 100, 5'000, 50'000);
    auto const text = std::string(size, 'x');
    std::size_t written = 0;
    while (logs.lost() == 0) {
        logs.info(text);
        ++written;
        REQUIRE(written < 10'000);
    }
    for (int i = 0; i < 100; ++i) {
        logs.info(text);
    }
    CHECK(logs.lost() == 101);

    auto before = pipe.read_all(); // it is read again: the next line stands on its own
    logs.info("back");
    auto lines = lines_of(before + pipe.read_all());
    CHECK(lines.back().find(R"("message":"back")") != std::string::npos);
    auto whole = std::ranges::count_if(lines, [](auto const& line) { return line.ends_with("}"); });
    CHECK(static_cast<std::size_t>(whole) == written); // all but the lost one, and "back"
    CHECK(logs.lost() == 101);
}

TEST_CASE("a full disk, a closed pipe and a closed descriptor are survived", "[log]") {
    int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    log_pipe pipe;
    pipe.close_reader();
    for (int fd : {full, pipe.writer(), -1}) {
        io::log logs(json_logs(), fd);
        logs.error("nobody hears this");
        logs.access({});
        CHECK(logs.lost() == 2);
    }
    ::close(full);
}

TEST_CASE("the journal is told how grave a line is, a file is not", "[log]") {
    log_pipe pipe;
    auto settings = json_logs();
    settings.log.level = "debug";
    unsigned elsewhere = GENERATE(0U, 1U); // systemd's stream, or one that came in its place
    journal_variable set(pipe.writer(), elsewhere);
    io::log logs(settings, pipe.writer());
    logs.error("e");
    logs.warn("w");
    logs.info("i");
    logs.access({});
    logs.debug("d");
    std::string priorities;
    for (auto const& line : lines_of(pipe.read_all())) {
        priorities += line.substr(0, line.find('{')) + ' ';
        CHECK(line.ends_with("}"));
    }
    CHECK(priorities == (elsewhere == 0 ? "<3> <4> <6> <6> <7> " : "     "));
}
