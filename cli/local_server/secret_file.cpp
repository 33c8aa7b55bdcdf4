// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/secret_file.h"

#include "base/file_write.h"
#include "cli/signals_held.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace pchat::cli {
namespace {

constexpr std::size_t largest = 64 * 1024;

/// 0, or the errno.
int write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(file, text.data(), text.size());
        if (put < 0 && errno != EINTR)
            return errno;
        text.remove_prefix(static_cast<std::size_t>(put > 0 ? put : 0));
    }
    return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

Result<std::optional<Secret>> read_secret_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno == ENOENT)
        return std::optional<Secret>{};
    if (file < 0)
        return fail(Errc::io, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
    std::string text(largest + 1, '\0');
    std::size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size < text.size()) {
        got = ::read(file, text.data() + size, text.size() - size);
        size += static_cast<std::size_t>(got > 0 ? got : 0);
    }
    const int problem = got < 0 ? errno : 0;
    ::close(file);
    if (problem != 0)
        return fail(Errc::io, fmt::format("cannot read {}: {}", path, std::strerror(problem)));
    if (size > largest)
        return fail(Errc::bad_file, fmt::format("{} is too large to be what it should be", path));
    text.resize(size);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return std::optional{Secret{std::move(text)}};
}

Result<void> write_secret_file(const std::string& path, std::string_view text, mode_t mode) {
    const SignalsHeld held;
    std::string made = directory_of(path) + "/.pchatctl-XXXXXX";
    const int file = ::mkostemp(made.data(), O_CLOEXEC);  // mode 0600
    if (file < 0)
        return file_error("write", path, errno);
    int problem = ::fchmod(file, mode) == 0 ? write_all(file, text) : errno;
    if (problem == 0 && std::rename(made.c_str(), path.c_str()) != 0)
        problem = errno;
    ::close(file);
    if (problem != 0) {
        ::unlink(made.c_str());
        return file_error("write", path, problem);
    }
    sync_directory_of(path);
    return {};
}

Result<Secret> random_secret() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return fail(Errc::internal, "this machine gives no random numbers");
    std::string out;
    for (const unsigned char byte : bytes)
        out += fmt::format("{:02x}", byte);
    return Secret{std::move(out)};
}

}  // namespace pchat::cli
