// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/fd_stream.h"
#include "tests/support/catch.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <sstream>
#include <utility>

using namespace pchat::cli;

namespace {

struct Pipe {
    Pipe() { REQUIRE(pipe(ends) == 0); }
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    Pipe(Pipe&&) = delete;
    Pipe& operator=(Pipe&&) = delete;
    int ends[2] = {-1, -1};
};

}  // namespace

TEST_CASE("fd stream: what is written arrives with the flush", "[fd]") {
    const Pipe pipe;
    FdBuffer buffer(pipe.ends[1]);
    std::ostream out(&buffer);
    std::ostringstream err;
    out << "abc" << 7 << '\n';
    CHECK(close_output(out, buffer, err, 3) == 3);
    char got[16] = {};
    CHECK(read(pipe.ends[0], got, sizeof got) == 5);
    CHECK(std::string(got) == "abc7\n");
}

TEST_CASE("fd stream: a reader that went away keeps the exit code and is not mentioned", "[fd]") {
    void (*before)(int) = std::signal(SIGPIPE, SIG_IGN);
    Pipe pipe;
    close(std::exchange(pipe.ends[0], -1));
    FdBuffer buffer(pipe.ends[1]);
    std::ostream out(&buffer);
    std::ostringstream err;
    out << std::string(100000, 'x');
    CHECK(close_output(out, buffer, err, 3) == 3);
    CHECK(buffer.problem() == EPIPE);
    CHECK(err.str().empty());
    std::signal(SIGPIPE, before);
}

TEST_CASE("fd stream: a full disk is a failure", "[fd]") {
    const int full = open("/dev/full", O_WRONLY);
    REQUIRE(full >= 0);
    FdBuffer buffer(full);
    std::ostream out(&buffer);
    std::ostringstream err;
    out << "result\n";
    CHECK(close_output(out, buffer, err, 0) == 1);
    CHECK(err.str() == "pchatctl: cannot write the result: No space left on device\n");
    close(full);
}
