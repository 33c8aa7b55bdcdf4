// SPDX-License-Identifier: Apache-2.0
#include "cli/part_file.h"

#include "base/sha256.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace pchat::cli {
PartFile::PartFile(std::string file, int descriptor, Replace replace)
    : file_(std::move(file)), path_(file_ + ".part"), descriptor_(descriptor), replace_(replace) {}

PartFile::PartFile(PartFile&& other) noexcept
    : file_(std::move(other.file_)), path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)), replace_(other.replace_) {}

PartFile::~PartFile() {
    if (descriptor_ < 0)
        return;
    ::unlink(path_.c_str());
    ::close(descriptor_);
}

Result<PartFile> PartFile::create(const std::string& file, Replace replace) {
    struct stat there {};
    if (::lstat(file.c_str(), &there) == 0) {
        if (replace == Replace::no)
            return exists_already(file);
        if (!S_ISREG(there.st_mode))
            return fail(Errc::invalid, fmt::format("{} is not a regular file", file));
    }
    const std::string path = file + ".part";
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (descriptor < 0)
        return file_error("write", path, errno);
    // One that nobody holds is left over from a run that was killed.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return fail(Errc::conflict, fmt::format("somebody else is writing {}", path));
    }
    struct stat mine {};
    if (::fstat(descriptor, &mine) != 0 || !S_ISREG(mine.st_mode) || mine.st_uid != ::geteuid() ||
        mine.st_nlink != 1) {
        ::close(descriptor);
        return fail(
            Errc::denied,
            fmt::format("{} is not a file of ours", path),
            "somebody made it beforehand: remove it, and look who may write to its directory"
        );
    }
    PartFile made{file, descriptor, replace};
    if (::fchmod(descriptor, 0600) != 0 || ::ftruncate(descriptor, 0) != 0)
        return file_error("write", path, errno);
    return made;
}

Result<void> PartFile::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(descriptor_, text.data(), text.size());
        if (put < 0 && errno != EINTR)
            return file_error("write", path_, errno);
        text.remove_prefix(static_cast<std::size_t>(put > 0 ? put : 0));
    }
    return {};
}

Result<void> PartFile::give_to(const FileOwner& owner) {
    return pchat::give_to(descriptor_, owner, file_);
}

Result<void> PartFile::sync() {
    if (::fsync(descriptor_) != 0)
        return file_error("write", path_, errno);
    return {};
}

Result<void> PartFile::keep() {
    if (Result<void> synced = sync(); !synced)
        return synced;
    // What came up at the name meanwhile stays. Some file systems cannot promise that.
    const unsigned flags = replace_ == Replace::no ? RENAME_NOREPLACE : 0U;
    int failed = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, file_.c_str(), flags);
    if (failed != 0 && (errno == EINVAL || errno == ENOSYS))
        failed = std::rename(path_.c_str(), file_.c_str());
    if (failed != 0 && errno == EEXIST)
        return exists_already(file_);
    if (failed != 0)
        return file_error("write", file_, errno);
    ::close(std::exchange(descriptor_, -1));
    sync_directory_of(file_);
    return {};
}

Result<Digest> digest_file(
    const std::string& file, const std::function<Result<void>(std::string_view)>& into
) {
    const int handle = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (handle < 0)
        return fail(
            errno == ENOENT ? Errc::not_found : Errc::bad_file,
            fmt::format("cannot read {}: {}", file, std::strerror(errno))
        );
    Sha256 sum;
    Digest out;
    std::vector<char> chunk(1 << 20);
    Result<void> passed;
    ssize_t got = 0;
    while (passed) {
        got = ::read(handle, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        const std::string_view portion{chunk.data(), static_cast<std::size_t>(got)};
        sum.add(portion);
        out.bytes += got;
        if (into)
            passed = into(portion);
    }
    const int code = errno;
    ::close(handle);
    if (!passed)
        return pass(std::move(passed).error());
    if (got < 0)
        return fail(Errc::bad_file, fmt::format("cannot read {}: {}", file, std::strerror(code)));
    out.sha256 = sum.hex();
    return out;
}

}  // namespace pchat::cli
