#include "io/resolver.hpp"

#include "core/ascii.hpp"
#include "io/shorter_deadline.hpp"

#include <fmt/format.h>

namespace vertex_relay::io {

namespace {

/// Of one name at once; the first good answer serves all who wait.
constexpr int outstanding_max = 3;

std::string key_of(std::string const& host, std::uint16_t port) {
    return fmt::format("{}:{}", core::ascii::to_lower(host), port);
}

} // namespace

/// On the loop's thread; answers come from others by way of `home`.
struct resolver::question {
    std::string key;
    time_point first_sent;
    time_point last_sent;
    int outstanding = 0;
    bool over = false;
    name_answer answer = {}; ///< once over
    broadcast news;
};

struct resolver::home {
    std::mutex mutex;
    resolver* owner; ///< null: gone
};

resolver::resolver(event_loop& loop, std::vector<std::string> const& overrides, name_source source)
    : loop_(loop), source_(std::move(source)), known_(source_.times),
      home_(std::make_shared<home>()) {
    home_->owner = this;
    for (auto const& entry : overrides) {
        auto equals = entry.find('=');
        auto colon = entry.rfind(':');
        if (equals == entry.npos || colon == entry.npos || colon < equals) {
            continue;
        }
        auto host = entry.substr(equals + 1, colon - equals - 1);
        if (host.starts_with('[')) {
            host = host.substr(1, host.size() - 2);
        }
        auto port = core::ascii::parse_decimal<std::uint16_t>(entry.substr(colon + 1));
        auto address = parse_address(host, port.value_or(0));
        if (address && port) {
            overrides_.emplace(core::ascii::to_lower(entry.substr(0, equals)), *address);
        }
    }
}

resolver::~resolver() {
    std::scoped_lock lock(home_->mutex);
    home_->owner = nullptr;
}

bool resolver::is_pinned(std::string const& host, std::uint16_t port) const {
    return overrides_.contains(key_of(host, port));
}

void resolver::send(question_pointer const& asked, std::string const& host, std::uint16_t port) {
    ++asked->outstanding;
    asked->last_sent = loop_.now();
    source_.ask(host, port, [home = home_, asked](name_answer answer) {
        std::scoped_lock lock(home->mutex);
        if (home->owner != nullptr) {
            home->owner->loop_.post([home, asked, answer = std::move(answer)] {
                if (home->owner != nullptr) {
                    home->owner->land(*asked, answer);
                }
            });
        }
    });
}

/// The question under way for that name, or a new one.
resolver::question_pointer resolver::ask(std::string const& key, std::string const& host,
                                         std::uint16_t port) {
    auto& place = questions_[key];
    if (!place) {
        place = std::make_shared<question>();
        place->key = key;
        place->first_sent = loop_.now();
    }
    auto asked = place;
    bool overdue = loop_.now() - asked->last_sent >= source_.ask_again;
    if (asked->outstanding == 0 || (overdue && asked->outstanding < outstanding_max)) {
        send(asked, host, port);
    }
    return asked;
}

void resolver::land(question& asked, name_answer answer) {
    --asked.outstanding;
    bool good = answer && !answer->empty();
    if (good) {
        known_.keep(asked.key, *answer, loop_.now_ms());
    }
    if (asked.over || (!good && asked.outstanding > 0)) {
        return;
    }
    asked.over = true;
    asked.answer = good || !answer ? std::move(answer) : std::unexpected("it has no address");
    asked.news.notify();
    questions_.erase(std::string(asked.key));
}

task<name_answer> resolver::resolve(fiber& sleeper, std::string host, std::uint16_t port) {
    auto key = key_of(host, port);
    if (auto found = overrides_.find(key); found != overrides_.end()) {
        co_return name_answer({found->second});
    }
    if (auto numeric = parse_address(host, port)) {
        co_return name_answer({*numeric});
    }
    if (auto const* fresh = known_.fresh(key, loop_.now_ms())) {
        co_return *fresh;
    }
    auto asked = ask(key, host, port);
    {
        shorter_deadline patience(sleeper);
        if (known_.last_good(key, loop_.now_ms()) != nullptr) {
            patience.set(asked->first_sent + source_.patience);
        }
        auto seat = asked->news.join(sleeper);
        while (!asked->over && sleeper.stopped() == cause::none) {
            co_await sleeper.sleep();
        }
    }
    if (asked->over && asked->answer) {
        co_return asked->answer;
    }
    if (auto const* good = known_.last_good(key, loop_.now_ms())) {
        co_return *good;
    }
    co_return asked->over ? asked->answer : name_answer(std::unexpect, "no answer in time");
}

} // namespace vertex_relay::io
