#pragma once
// The simulator's one door to Asio; precompiled, since every use of it costs the same seconds.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace vertex_relay::simulator {

namespace net = boost::asio;
using tcp = net::ip::tcp;
template <class T>
using task = net::awaitable<T>;
/// Awaits give `(error_code, …)`; nothing throws.
inline constexpr auto awaited = net::as_tuple(net::use_awaitable);

} // namespace vertex_relay::simulator
