#include "io/health.hpp"

#include "io/local_call.hpp"
#include "io/service_setup.hpp"

#include <cstdio>

namespace vertex_relay::io {

int check_health(core::config const& settings) {
    auto plan = listen_plan(settings);
    bool heard = false;
    for (auto const& wanted : plan) {
        if (wanted.admin == settings.admin.listen.empty()) {
            continue; // with an admin address, probes are served there alone
        }
        auto answer = ask_livez(wanted.address);
        heard |= answer && !answer->empty();
        if (answer && answer->starts_with("HTTP/1.1 200")) {
            std::puts("ok");
            return 0;
        }
        if (!wanted.optional) {
            break;
        }
    }
    std::fputs(heard ? "it answers, but not that it lives: with admin.listen, ask there "
                       "(--admin-listen)\n"
                     : "no answer: is the relay running, and on this address?\n",
               stderr);
    return 1;
}

} // namespace vertex_relay::io
