// SPDX-License-Identifier: Apache-2.0
#include "server/app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace pchat::app {

void notify_service_manager(std::string_view state) {
    const char* path = std::getenv("NOTIFY_SOCKET");
    if (path == nullptr || (path[0] != '/' && path[0] != '@'))
        return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t length = std::strlen(path);
    if (length >= sizeof address.sun_path)
        return;
    std::copy_n(path, length, static_cast<char*>(address.sun_path));
    if (path[0] == '@')  // an abstract socket
        address.sun_path[0] = '\0';
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    // Nobody to tell when this fails: the manager notices by itself.
    (void)!::sendto(
        fd,
        state.data(),
        state.size(),
        MSG_NOSIGNAL,
        reinterpret_cast<const sockaddr*>(&address),
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length)
    );
    ::close(fd);
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    const char* text = std::getenv("WATCHDOG_USEC");
    if (text == nullptr)
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, problem] = std::from_chars(text, text + std::strlen(text), value);
    if (problem != std::errc{} || *end != '\0' || value <= 0)
        return std::nullopt;
    return std::chrono::microseconds{value / 2};  // twice as often as it must be
}

}  // namespace pchat::app
