"""The proxies under test: how each is configured and started. All verify the origin's name."""

import os
import subprocess
import time

import machine
import setup

PATH = "/v1/projects/bench-project/locations/global/endpoints/openapi/chat/completions"

NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err crit;
worker_rlimit_nofile 20000; {user}
events {{ worker_connections 15000; use epoll; multi_accept on; accept_mutex off; }}
http {{
 access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; tcp_nodelay on;
 server_tokens off; client_max_body_size 64m;
 client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
 uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
 upstream up {{ server 127.0.0.1:{origin}; keepalive 6000; keepalive_requests 1000000000;
  keepalive_timeout 600s; }}
 server {{ listen 127.0.0.1:{port} backlog=4096; client_body_buffer_size 128k;
  location = /v1/chat/completions {{
   proxy_pass https://up{path};
   proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost;
   proxy_set_header Authorization "Bearer up-token";
   proxy_buffering off; proxy_buffer_size 16k; proxy_buffers 8 16k; proxy_busy_buffers_size 32k;
   proxy_read_timeout 600s; proxy_socket_keepalive on;
   proxy_ssl_protocols TLSv1.3; proxy_ssl_server_name on; proxy_ssl_name localhost;
   proxy_ssl_session_reuse on; proxy_ssl_verify on; proxy_ssl_trusted_certificate {folder}/ca.pem;
  }} }} }}
"""

HAPROXY = """
global
  nbthread 1
  maxconn 7000
  ca-base {folder}
  tune.ssl.cachesize 1000
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive 600s
  option http-no-delay
frontend f
  bind 127.0.0.1:{port} backlog 4096
  http-request set-path {path} if {{ path /v1/chat/completions }}
  http-request set-header Authorization "Bearer up-token"
  http-request set-header Host localhost
  default_backend b
backend b
  http-reuse always
  default-server ssl verify required ca-file ca.pem sni str(localhost) ssl-min-ver TLSv1.3
  default-server pool-max-conn -1 pool-purge-delay 600s
  server s 127.0.0.1:{origin}
"""


class Proxy:
    """One program that can be started afresh on a free port. `child` is None while it is down."""

    def __init__(self, name, program, folder, origin_port):
        self.name, self.program = name, program
        self.folder, self.origin_port = folder, origin_port
        self.child, self.port = None, 0
        self.log_path = os.path.join(folder, name + ".log")

    def command(self):
        raise NotImplementedError

    def environment(self):
        """Nothing of the caller's configuration or credentials reaches a proxy under test."""
        return {"PATH": setup.SBIN, "HOME": self.folder, "XDG_CONFIG_HOME": self.folder}

    def start(self):
        """Starts it and returns the milliseconds from before exec until it accepts."""
        self.port = machine.free_port()
        command = self.command()
        with open(self.log_path, "w") as log:
            began = time.monotonic()
            self.child = machine.start(command, machine.PROXY_CPU, stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, env=self.environment())
        if not machine.wait_accepting(self.child, self.port, 15):
            with open(self.log_path) as log:
                text = log.read()[-2000:]
            self.stop()
            raise RuntimeError(f"{self.name} does not accept connections:\n{text}")
        return (time.monotonic() - began) * 1000

    def stop(self):
        if self.child:
            machine.stop(self.child)
            self.child = None

    def pids(self):
        return machine.family(self.child.pid)

    def _write(self, name, template, **more):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            out.write(template.format(folder=self.folder, origin=self.origin_port, port=self.port,
                                      path=PATH, **more))
        return path


class Nginx(Proxy):
    def command(self):
        os.makedirs(os.path.join(self.folder, "tmp"), exist_ok=True)
        user = "user root;" if os.geteuid() == 0 else ""
        path = self._write("nginx.conf", NGINX, user=user)
        return [self.program, "-p", self.folder, "-e", self.folder + "/nginx.err", "-c", path]


class Haproxy(Proxy):
    def command(self):
        return [self.program, "-db", "-f", self._write("haproxy.cfg", HAPROXY)]


class Relay(Proxy):
    def command(self):
        return [self.program, "serve", "--listen", f"127.0.0.1:{self.port}",
                "--google-project", "bench-project", "--google-location", "global",
                "--google-credentials", self.folder + "/adc.json", "--google-allow-any-token-host",
                "--upstream-endpoint", f"https://127.0.0.1:{self.origin_port}",
                "--upstream-ca-file", self.folder + "/ca.pem",
                "--log-access=false", "--log-level", "warn"]


def find(folder, origin_port, relay):
    """Those of nginx, haproxy and the relay that are there, in this order."""
    found = []
    for name, kind, program in (("nginx", Nginx, setup.tool("nginx")),
                                ("haproxy", Haproxy, setup.tool("haproxy")),
                                ("vertex-relay", Relay, relay)):
        if program and os.path.exists(program):
            found.append(kind(name, program, folder, origin_port))
        else:
            machine.say(f"skipped: {name} is not there" + (f" ({program})" if program else ""))
    return found
