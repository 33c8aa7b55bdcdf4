// SPDX-License-Identifier: Apache-2.0
#include "server/app/data_lock.h"

#include "base/time_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace pchat::app {
namespace {

/// The holder wrote the file when it took the lock.
std::string since(int fd) {
    struct stat facts {};
    if (::fstat(fd, &facts) != 0)
        return {};
    constexpr Microseconds second = 1'000'000;
    return " since " + time_text(facts.st_mtim.tv_sec * second);
}

}  // namespace

std::string DataLock::file(const std::string& folder, std::string_view program) {
    return fmt::format("{}/{}.lock", folder, program);
}

Result<std::unique_ptr<DataLock>> DataLock::take(
    const std::string& folder, std::string_view program
) {
    const std::string path = file(folder, program);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return fail(
            Errc::io,
            fmt::format("data directory '{}' cannot be used: {}", folder, std::strerror(errno)),
            fmt::format("it must exist and belong to the user that {} runs as", program)
        );
    std::unique_ptr<DataLock> out{new DataLock{fd}};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> owner{};
        const ssize_t length = ::pread(fd, owner.data(), owner.size(), 0);
        std::string_view pid{owner.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
        pid = pid.substr(0, pid.find('\n'));
        return fail(
            Errc::conflict,
            fmt::format(
                "data directory '{}' is in use by {} with pid {}{}", folder, program, pid, since(fd)
            ),
            "stop that one first, or choose another directory"
        );
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    // Only for the message above: the lock itself is the kernel's.
    if (::ftruncate(fd, 0) == 0)
        (void)!::pwrite(fd, pid.data(), pid.size(), 0);
    return out;
}

DataLock::~DataLock() {
    ::close(fd_);
}

}  // namespace pchat::app
