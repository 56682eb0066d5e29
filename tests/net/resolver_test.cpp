#include "io/resolver.hpp"

#include "net/loop_thread.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>

namespace {

using namespace vertex_relay;
using namespace vertex_relay::tests;
using io::name_answer;
using std::chrono::milliseconds;

name_answer address(std::string const& text) {
    return name_answer({*io::parse_address(text, 443)});
}

name_answer no_answer() { return name_answer(std::unexpect, "server failure"); }

/// A name service that answers when, and what, the test says.
class fake_names {
public:
    io::name_source source(core::name_cache_times times = {}) {
        io::name_source out;
        out.times = times;
        out.ask = [this](std::string const&, std::uint16_t, io::tell_answer tell) {
            std::scoped_lock lock(mutex_);
            ++questions_;
            if (automatic_) {
                tell(*automatic_);
            } else {
                open_.push_back(std::move(tell));
            }
        };
        return out;
    }
    /// Answers at once from now on; nullopt: keeps questions open.
    void answers(std::optional<name_answer> all) {
        std::scoped_lock lock(mutex_);
        automatic_ = std::move(all);
    }
    /// Answers open question number `index`.
    void answer(std::size_t index, name_answer const& with) {
        std::scoped_lock lock(mutex_);
        open_.at(index)(with);
    }
    std::size_t questions() const {
        std::scoped_lock lock(mutex_);
        return questions_;
    }

private:
    mutable std::mutex mutex_;
    std::size_t questions_ = 0;
    std::optional<name_answer> automatic_;
    std::vector<io::tell_answer> open_;
};

constexpr auto name = "aiplatform.googleapis.com";

struct asking {
    io::resolver& names;
    milliseconds limit;
    std::atomic<std::size_t> ended = 0;
    std::mutex mutex = {};
    std::vector<name_answer> answers = {};
    bool kept_deadline = true;
};

io::task<> ask(io::fiber& sleeper, asking& all) {
    sleeper.expires_after(all.limit);
    auto limit = sleeper.limit();
    auto answer = co_await all.names.resolve(sleeper, name, 443);
    std::scoped_lock lock(all.mutex);
    all.kept_deadline &= sleeper.limit() == limit;
    all.answers.push_back(std::move(answer));
    ++all.ended;
}

/// The answers that `count` fibers get at once.
std::vector<name_answer> resolve_many(loop_thread& here, std::size_t count,
                                      milliseconds limit = patience) {
    asking all{.names = here.names, .limit = limit};
    here.run([&](io::fiber& sleeper, std::size_t) { return ask(sleeper, all); }, count);
    CHECK(all.kept_deadline);
    return std::move(all.answers);
}

/// `1.2.3.4`, or the reason.
std::string resolve(loop_thread& here, milliseconds limit = patience) {
    auto answer = std::move(resolve_many(here, 1, limit).front());
    return answer ? answer->front().text : answer.error();
}

/// Runs what was posted to the loop before, twice: an answer is posted by what is posted.
void settle(loop_thread& here) {
    for (int turn = 0; turn < 2; ++turn) {
        std::promise<void> done;
        here.loop.post([&] { done.set_value(); });
        done.get_future().get();
    }
}

class names_rig {
public:
    explicit names_rig(io::name_source source) : here({}, {}, {}, std::move(source)) {
        here.begin();
    }
    loop_thread here;
};

} // namespace

TEST_CASE("a fresh answer needs no question", "[resolver]") {
    fake_names names;
    names.answers(address("192.0.2.1"));
    names_rig rig(names.source());
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(address("192.0.2.2"));
    CHECK(resolve(rig.here) == "192.0.2.1");
    CHECK(names.questions() == 1);
}

TEST_CASE("an answer that is no longer fresh is asked for again", "[resolver]") {
    fake_names names;
    names.answers(address("192.0.2.1"));
    names_rig rig(names.source({.fresh = milliseconds(0)}));
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(address("192.0.2.2"));
    CHECK(resolve(rig.here) == "192.0.2.2");
    CHECK(names.questions() == 2);
}

TEST_CASE("many who want the same name ask once", "[resolver]") {
    fake_names names;
    names_rig rig(names.source());
    asking all{.names = rig.here.names, .limit = patience};
    auto answerer = std::thread([&] {
        while (names.questions() == 0) {
            std::this_thread::yield();
        }
        names.answer(0, address("192.0.2.1"));
    });
    rig.here.run([&](io::fiber& sleeper, std::size_t) { return ask(sleeper, all); }, 100);
    answerer.join();
    CHECK(names.questions() == 1);
    REQUIRE(all.answers.size() == 100);
    CHECK(std::ranges::all_of(all.answers, [](auto const& one) { return one.has_value(); }));
}

TEST_CASE("the last good answer bridges an outage of the name server", "[resolver]") {
    fake_names names;
    names.answers(address("192.0.2.1"));
    names_rig rig(names.source({.fresh = milliseconds(0)}));
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(no_answer());
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(name_answer()); // neither an error nor an address
    CHECK(resolve(rig.here) == "192.0.2.1");
    CHECK(names.questions() == 3);
    names.answers(address("192.0.2.2"));
    CHECK(resolve(rig.here) == "192.0.2.2");
}

TEST_CASE("an answer that is too old is not used", "[resolver]") {
    fake_names names;
    names.answers(address("192.0.2.1"));
    names_rig rig(names.source({.fresh = milliseconds(0), .last_good = milliseconds(0)}));
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(no_answer());
    CHECK(resolve(rig.here) == "server failure");
    names.answers(name_answer());
    CHECK(resolve(rig.here) == "it has no address");
}

TEST_CASE("a slow name server is not waited for when an answer is at hand", "[resolver]") {
    fake_names names;
    names.answers(address("192.0.2.1"));
    auto source = names.source({.fresh = milliseconds(0)});
    source.patience = milliseconds(30);
    names_rig rig(std::move(source));
    CHECK(resolve(rig.here) == "192.0.2.1");
    names.answers(std::nullopt);
    CHECK(resolve(rig.here) == "192.0.2.1");
    CHECK(resolve(rig.here) == "192.0.2.1"); // the same question, for which patience has ended
    CHECK(names.questions() == 2);
    names.answer(0, address("192.0.2.2"));
    settle(rig.here);
    names.answers(no_answer());
    CHECK(resolve(rig.here) == "192.0.2.2"); // what came late is known now
}

TEST_CASE("without an answer at hand the sleeper's deadline decides", "[resolver]") {
    fake_names names;
    names_rig rig(names.source());
    CHECK(resolve(rig.here, milliseconds(30)) == "no answer in time");
    names.answer(0, address("192.0.2.1"));
    settle(rig.here);
    CHECK(resolve(rig.here) == "192.0.2.1");
    CHECK(names.questions() == 1);
}

TEST_CASE("a hung question does not hold up later ones", "[resolver]") {
    fake_names names;
    auto source = names.source();
    source.ask_again = milliseconds(0);
    names_rig rig(std::move(source));
    CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
    CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
    CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
    CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
    CHECK(names.questions() == 3); // bounded
    names.answer(0, no_answer());
    settle(rig.here);
    names.answer(2, address("192.0.2.3"));
    settle(rig.here);
    CHECK(resolve(rig.here) == "192.0.2.3");
    names.answer(1, no_answer()); // long after it mattered
    settle(rig.here);
    CHECK(resolve(rig.here) == "192.0.2.3");
}

TEST_CASE("an answer may come when nobody is left to hear it", "[resolver]") {
    fake_names names;
    {
        names_rig rig(names.source());
        CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
    }
    names.answer(0, address("192.0.2.1"));
    {
        names_rig rig(names.source());
        CHECK(resolve(rig.here, milliseconds(10)) == "no answer in time");
        rig.here.stop();
        names.answer(1, address("192.0.2.1")); // posted, never run
    }
}

namespace {

io::task<> resolve_one(io::fiber& sleeper, io::resolver& names, std::string host,
                       std::string& into) {
    auto answer = co_await names.resolve(sleeper, host, 443);
    into = answer ? answer->front().text : answer.error();
}

std::string resolve_name(loop_thread& here, std::string const& host) {
    std::string text;
    here.run([&](io::fiber& sleeper, std::size_t) {
        return resolve_one(sleeper, here.names, host, text);
    });
    return text;
}

} // namespace

TEST_CASE("literals and pinned names need no name server", "[resolver]") {
    fake_names names;
    names.answers(no_answer());
    loop_thread here({}, {"Pinned.Example:443=192.0.2.9:8443", "six.example:443=[2001:db8::9]:443"},
                     {}, names.source());
    here.begin();
    CHECK(resolve_name(here, "192.0.2.1") == "192.0.2.1");
    CHECK(resolve_name(here, "2001:db8::1") == "2001:db8::1");
    CHECK(resolve_name(here, "pinned.example") == "192.0.2.9");
    CHECK(resolve_name(here, "PINNED.example") == "192.0.2.9");
    CHECK(resolve_name(here, "six.example") == "2001:db8::9");
    CHECK(names.questions() == 0);
    CHECK(resolve_name(here, "other.example") == "server failure");
    CHECK(here.names.is_pinned("pinned.EXAMPLE", 443));
    CHECK_FALSE(here.names.is_pinned("pinned.example", 80));
    CHECK_FALSE(here.names.is_pinned("other.example", 443));
}

TEST_CASE("the system's resolver knows this machine", "[resolver]") {
    loop_thread here;
    here.begin();
    auto found = resolve_name(here, "localhost");
    CHECK((found == "127.0.0.1" || found == "::1"));
}
