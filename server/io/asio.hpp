#pragma once
// The one door to Asio.

#include <utility> // Asio 1.81 uses std::exchange without it

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace vertex_relay::io {

namespace net = boost::asio;
using tcp = net::ip::tcp;

} // namespace vertex_relay::io
