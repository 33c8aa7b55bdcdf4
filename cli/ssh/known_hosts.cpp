// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/known_hosts.h"

#include "base/file_write.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace pchat::cli {
namespace {

constexpr std::size_t longest_line = 8000;  // of libssh 8190
constexpr std::size_t largest_file = 64UL << 20;

class File {
public:
    File(const std::string& path, int flags) : number_(::open(path.c_str(), flags, 0600)) {}
    ~File() {
        if (number_ >= 0)
            ::close(number_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    File(File&&) = delete;
    File& operator=(File&&) = delete;

    [[nodiscard]] bool is_open() const { return number_ >= 0; }
    [[nodiscard]] int number() const { return number_; }

    /// Nothing when it cannot be read.
    [[nodiscard]] std::optional<std::string> text() const {
        std::string out;
        std::string chunk(65'536, '\0');
        while (out.size() <= largest_file) {
            const ssize_t got = ::read(number_, chunk.data(), chunk.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got == 0)
                return out;
            if (got < 0)
                return std::nullopt;
            out.append(chunk, 0, static_cast<std::size_t>(got));
        }
        errno = EFBIG;
        return std::nullopt;
    }

private:
    int number_;
};

tl::unexpected<Error> unreadable(const std::string& file, int code) {
    return fail(
        Errc::bad_file,
        fmt::format("cannot read {}: {}", file, std::generic_category().message(code)),
        "it says which machines are the right ones; nothing is done without it"
    );
}

std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view out = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return out;
}

/// 0, or the errno.
int append(const File& file, std::string_view line) {
    if (::flock(file.number(), LOCK_EX) != 0)
        return errno;
    const std::optional<std::string> there = file.text();
    if (!there)
        return errno;
    std::string_view rest = *there;
    while (!rest.empty())
        if (take_line(rest) == line)
            return 0;
    const bool open_end = !there->empty() && there->back() != '\n';
    const std::string text = fmt::format("{}{}\n", open_end ? "\n" : "", line);
    const ssize_t put = ::write(file.number(), text.data(), text.size());
    if (put != static_cast<ssize_t>(text.size()))
        return put < 0 ? errno : ENOSPC;
    return ::fsync(file.number()) == 0 ? 0 : errno;
}

}  // namespace

Result<void> check_known_hosts(const std::string& file, std::string_view key) {
    const File opened{file, O_RDONLY | O_CLOEXEC};
    if (!opened.is_open() && errno == ENOENT)
        return {};
    const std::optional<std::string> text = opened.is_open() ? opened.text() : std::nullopt;
    if (!text)
        return unreadable(file, errno);
    std::string_view rest = *text;
    for (int number = 1; !rest.empty(); ++number) {
        const std::string_view line = take_line(rest);
        if (line.size() > longest_line)
            return fail(
                Errc::bad_file,
                fmt::format("{}:{}: the line is too long", file, number),
                "what follows it would not be read; remove it"
            );
        const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
        if (line.substr(begin).starts_with("@revoked") && line.find(key) != std::string_view::npos)
            return fail(
                Errc::conflict,
                fmt::format("{}:{}: the machine's host key is revoked", file, number),
                "somebody else may have that key; give the machine a new one"
            );
    }
    return {};
}

Result<void> add_known_host(const std::string& file, std::string_view line) {
    while (line.ends_with('\n'))
        line.remove_suffix(1);
    if (::mkdir(directory_of(file).c_str(), 0700) != 0 && errno != EEXIST)
        return file_error("create", directory_of(file), errno);
    const File opened{file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC};
    if (!opened.is_open())
        return file_error("write", file, errno);
    if (const int code = append(opened, line); code != 0)
        return file_error("write", file, code);
    return {};
}

}  // namespace pchat::cli
