#include "io/process.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

namespace vertex_relay::io {

void prepare_process() {
    std::signal(SIGPIPE, SIG_IGN);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    rlimit none{};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
#ifdef __GLIBC__
    // A fixed threshold: glibc would raise it after the first big body and keep the memory.
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    ::mallopt(M_TRIM_THRESHOLD, 512 * 1024);
#endif
}

void fill_standard_descriptors() {
    int fd = 0;
    while (fd >= 0 && fd <= 2) { // the lowest free number is taken
        fd = ::open("/dev/null", O_RDWR);
    }
    if (fd > 2) {
        ::close(fd);
    }
}

} // namespace vertex_relay::io
