// SPDX-License-Identifier: Apache-2.0
#include "cli/write_file.h"

#include "base/file_write.h"
#include "cli/signals_held.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace pchat::cli {
namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0)
            ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }

private:
    int number_;
};

// A file without a name that anybody would take for the real one; gone unless it was renamed.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& directory)
        : path_(directory + "/.pchatctl-XXXXXX"), file_(::mkostemp(path_.data(), O_CLOEXEC)) {}
    ~TemporaryFile() {
        if (file_.open() && !renamed_)
            ::unlink(path_.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    TemporaryFile(TemporaryFile&&) = delete;
    TemporaryFile& operator=(TemporaryFile&&) = delete;

    [[nodiscard]] bool open() const { return file_.open(); }
    [[nodiscard]] int number() const { return file_.number(); }
    [[nodiscard]] const char* path() const { return path_.c_str(); }
    void set_renamed() { renamed_ = true; }

    // 0, or the errno.
    [[nodiscard]] int write(std::string_view text) const {
        while (!text.empty()) {
            const ssize_t put = ::write(number(), text.data(), text.size());
            if (put < 0 && errno != EINTR)
                return errno;
            text.remove_prefix(static_cast<std::size_t>(put > 0 ? put : 0));
        }
        return 0;
    }

private:
    std::string path_;
    Descriptor file_;
    bool renamed_ = false;
};

bool holds(int file, std::string_view expected) {
    char chunk[16384];
    for (;;) {
        const ssize_t got = ::read(file, chunk, sizeof chunk);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 && expected.empty();
        const auto size = static_cast<std::size_t>(got);
        if (expected.substr(0, size) != std::string_view{chunk, size})
            return false;
        expected.remove_prefix(size);
    }
}

struct Target {
    std::string path;  // without symbolic links
    struct stat facts {};
};

Result<Target> find_target(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> real{
        ::realpath(path.c_str(), nullptr), &std::free};
    if (!real)
        return file_error("write", path, errno);
    Target target{.path = real.get()};
    if (::stat(target.path.c_str(), &target.facts) != 0)
        return file_error("write", path, errno);
    if (!S_ISREG(target.facts.st_mode))
        return fail(Errc::invalid, fmt::format("cannot write {}: it is not a regular file", path));
    // The rename would not ask.
    if (::faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0)
        return file_error("write", path, errno);
    return target;
}

Result<void> check_unchanged(
    const Target& target, std::string_view expected, const std::string& path
) {
    const Descriptor now{
        ::open(target.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    struct stat facts {};
    const bool same_file = now.open() && ::fstat(now.number(), &facts) == 0 &&
                           facts.st_dev == target.facts.st_dev &&
                           facts.st_ino == target.facts.st_ino;
    if (same_file && holds(now.number(), expected))
        return {};
    return fail(
        Errc::conflict,
        fmt::format("{} was changed by somebody else meanwhile, and is left as it is now", path),
        "run the command again"
    );
}

// False with errno, EEXIST when something came up at the path in between. Some file systems know
// only one of the two ways.
bool move_unless_there(TemporaryFile& made, const std::string& path) {
    if (::renameat2(AT_FDCWD, made.path(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) {
        made.set_renamed();
        return true;
    }
    return (errno == EINVAL || errno == ENOSYS) && ::link(made.path(), path.c_str()) == 0;
}

}  // namespace

Result<void> replace_file(
    const std::string& path, std::string_view expected, std::string_view text
) {
    const auto target = find_target(path);
    if (!target)
        return pass(target.error());
    const std::string directory = directory_of(target->path);
    const SignalsHeld held;
    TemporaryFile made{directory};
    if (!made.open())
        return file_error("write", path, errno);
    if (const int code = made.write(text); code != 0)
        return file_error("write", path, code);
    const FileOwner owner{
        target->facts.st_uid, target->facts.st_gid, target->facts.st_mode & 07777U};
    if (auto given = give_to(made.number(), owner, path); !given)
        return given;
    if (::fsync(made.number()) != 0)
        return file_error("write", path, errno);
    if (auto unchanged = check_unchanged(*target, expected, path); !unchanged)
        return unchanged;
    if (std::rename(made.path(), target->path.c_str()) != 0)
        return file_error("write", path, errno);
    made.set_renamed();
    sync_directory_of(target->path);
    return {};
}

Result<void> create_file(const std::string& path, std::string_view text) {
    struct stat there {};
    if (::lstat(path.c_str(), &there) == 0)
        return exists_already(path);
    const std::string directory = directory_of(path);
    const SignalsHeld held;
    TemporaryFile made{directory};
    if (!made.open())
        return file_error("write", path, errno);
    if (const int code = made.write(text); code != 0)
        return file_error("write", path, code);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(made.number(), 0666 & ~mask) != 0 || ::fsync(made.number()) != 0)
        return file_error("write", path, errno);
    if (!move_unless_there(made, path)) {
        if (errno == EEXIST)
            return exists_already(path);
        return file_error("write", path, errno);
    }
    sync_directory_of(path);
    return {};
}

}  // namespace pchat::cli
