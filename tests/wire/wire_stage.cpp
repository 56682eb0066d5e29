#include "wire/wire_stage.hpp"

#include "wire/wire_render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace vertex_relay::tests {

namespace {

using kind = wire_step::kind;

constexpr std::string_view first_client = "a";

std::optional<wire_problem> failed(std::string what) {
    return wire_problem{std::move(what)};
}

std::string_view arrow_of(kind what) {
    return what == kind::origin_gets ? ">>" : "<";
}

bool has_event(wire_case const& one, std::string_view event) {
    return std::ranges::any_of(one.steps, [&](wire_step const& step) {
        return step.what == kind::event && step.text == event;
    });
}

/// Reads of a stream decide how it is framed again, so its pieces belong to the case.
bool is_stream(wire_case const& one) {
    return std::ranges::any_of(one.steps, [](wire_step const& step) {
        return step.what == kind::origin_sends &&
               step.text.find("text/event-stream") != step.text.npos;
    });
}

} // namespace

wire_stage::wire_stage(std::string const& settings) : relay_(settings, origin_.port()) {}

std::optional<wire_problem> wire_stage::play(wire_case const& one, pace how) {
    pace_ = how;
    client_ = first_client;
    outcome problem;
    for (auto const& next : one.steps) {
        problem = step(next);
        if (problem) {
            problem->at = &next;
            break;
        }
    }
    auto rest = leave();
    return problem ? problem : rest;
}

wire_stage::outcome wire_stage::step(wire_step const& one) {
    switch (one.what) {
    case kind::client_sends:
        return send(one, client(), pace_ == pace::client_drips);
    case kind::client_gets:
        return expect_bytes(one, client());
    case kind::event:
        return act(one.text);
    case kind::origin_gets:
        if (!origin_.line && !origin_.accept()) {
            return failed("the relay did not connect to the origin");
        }
        return expect_bytes(one, *origin_.line);
    case kind::origin_sends:
        if (!origin_.line) {
            return failed("the origin is not connected");
        }
        return send(one, *origin_.line, pace_ == pace::origin_drips);
    }
    return std::nullopt;
}

wire_stage::outcome wire_stage::act(std::string_view event) {
    constexpr std::string_view other_client = "client ";
    if (event == "client closes") {
        client().half_close();
    } else if (event == "client resets") {
        client().reset();
    } else if (event.starts_with(other_client)) {
        client_ = event.substr(other_client.size());
    } else if (event == "relay closes") {
        return expect_end(client(), ending::closed);
    } else if (event == "relay resets") {
        return expect_end(client(), ending::reset);
    } else if (event == "relay looks") {
        relay_.look();
    } else if (event != "at once") {
        return act_upstream(event);
    }
    return std::nullopt;
}

wire_stage::outcome wire_stage::act_upstream(std::string_view event) {
    constexpr std::array<std::string_view, 5> known{"origin accepts", "origin gets a request",
                                                    "origin closes", "origin resets",
                                                    "relay hangs up"};
    if (std::ranges::count(known, event) == 0) {
        return failed(fmt::format("no such event: {}", event));
    }
    if ((event == "origin accepts" || !origin_.line) && !origin_.accept()) {
        return failed("the relay did not connect to the origin");
    }
    if (event == "origin gets a request") {
        bool whole = origin_.line->read().complete;
        return whole ? outcome() : failed("no whole request came");
    }
    if (event == "relay hangs up") {
        bool ended = origin_.line->wait_for_end() != ending::open;
        return ended ? outcome() : failed("the relay holds its connection to the origin");
    }
    if (event == "origin closes") {
        origin_.line->half_close();
    } else if (event == "origin resets") {
        origin_.line->reset();
        origin_.line.reset();
    }
    return std::nullopt;
}

wire_stage::outcome wire_stage::expect_bytes(wire_step const& one, relay_client& at) {
    auto wanted = expand(one.text, relay_.variables());
    if (!wanted) {
        return failed(wanted.error());
    }
    constexpr std::size_t longer_time = 8; // bytes by which a time may exceed its stand-in
    auto most = wanted->text.size() + wanted->count(wire_opening::ms) * longer_time;
    at.wait_until([&](std::string_view all) { return wanted->match(all) || all.size() >= most; });
    auto came = wanted->match(at.received());
    if (!came) {
        relay_.look();
        at.take_in(); // all of it is of interest
        return wire_problem{"instead came",
                            render(at.received(), arrow_of(one.what), relay_.variables())};
    }
    at.forget(*came);
    return std::nullopt;
}

wire_stage::outcome wire_stage::send(wire_step const& one, relay_client& to, bool drips) {
    auto bytes = expand(one.text, relay_.variables());
    if (!bytes) {
        return failed(bytes.error());
    }
    if (!drips) {
        return to.send(bytes->text) ? outcome() : failed("the relay does not take these bytes");
    }
    for (std::size_t at = 0; at < bytes->text.size(); ++at) {
        if (!to.send(std::string_view(bytes->text).substr(at, 1))) {
            return std::nullopt; // refused on the way; what it answered comes next
        }
        relay_.look();
    }
    return std::nullopt;
}

wire_stage::outcome wire_stage::expect_end(relay_client& at, ending wanted) {
    auto how = at.wait_for_end();
    if (how == ending::open) {
        return failed("the relay keeps the connection open");
    }
    if (how != wanted) {
        return failed(how == ending::reset ? "the relay resets the connection"
                                           : "the relay just closes");
    }
    return std::nullopt;
}

/// Everybody goes; what nobody asked for is found here.
wire_stage::outcome wire_stage::leave() {
    outcome problem;
    for (auto& [name, one] : clients_) {
        one.half_close();
        if (one.wait_for_end() == ending::open) {
            problem = failed("the client left, but the relay keeps its connection");
        } else if (!one.received().empty()) {
            problem = {"client " + name + " also got",
                       render(one.received(), "<", relay_.variables())};
        }
    }
    clients_.clear();
    if (!relay_.rig().settles()) {
        problem = failed("the relay still counts a connection, a stream or memory");
    }
    auto upstream = leave_upstream();
    return problem ? problem : upstream;
}

wire_stage::outcome wire_stage::leave_upstream() {
    outcome problem;
    if (origin_.is_called()) {
        problem = failed("the relay connected to the origin once more");
        origin_.accept();
    }
    auto lines = std::exchange(origin_.former, {});
    if (origin_.line) {
        lines.push_back(std::move(*origin_.line));
    }
    origin_.line.reset();
    for (auto& line : lines) {
        line.half_close();
    }
    bool forgotten = eventually([&] {
        relay_.rig().on_worker([](io::worker& at) { at.current()->upstream->pool.sweep(); });
        return relay_.rig().idle_upstream() == 0;
    });
    if (!forgotten) {
        problem = failed("an idle connection to the origin is kept though the origin closed it");
    }
    for (auto& line : lines) {
        bool ended = line.wait_for_end() != ending::open;
        if (!problem && ended && !line.received().empty()) {
            problem = {"the origin also got", render(line.received(), ">>", relay_.variables())};
        }
    }
    return problem;
}

relay_client& wire_stage::client() {
    auto known = clients_.find(client_);
    return known != clients_.end()
               ? known->second
               : clients_.emplace(client_, relay_.rig().connect()).first->second;
}

bool is_worth(wire_case const& one, pace how) {
    if (how == pace::whole) {
        return true;
    }
    bool answers = std::ranges::any_of(
        one.steps, [](wire_step const& step) { return step.what == kind::origin_sends; });
    return !has_event(one, "at once") &&
           (how == pace::client_drips || (answers && !is_stream(one)));
}

} // namespace vertex_relay::tests
