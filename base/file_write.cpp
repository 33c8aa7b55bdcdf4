// SPDX-License-Identifier: Apache-2.0
#include "base/file_write.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pchat {

std::string directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos)
        return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

tl::unexpected<Error> file_error(std::string_view doing, const std::string& path, int code) {
    std::string message = fmt::format("cannot {} {}: {}", doing, path, std::strerror(code));
    const std::string directory = directory_of(path);
    switch (code) {
    case ENOSPC:
    case EDQUOT:
        return fail(
            Errc::io,
            std::move(message),
            fmt::format("what was there is unchanged; make room in {}", directory)
        );
    case ENOENT:
    case ENOTDIR: {
        const bool there = ::access(directory.c_str(), F_OK) == 0;
        return fail(
            Errc::not_found, std::move(message), there ? "" : fmt::format("mkdir -p {}", directory)
        );
    }
    case EACCES:
    case EPERM:
    case EROFS:
        return fail(
            Errc::denied,
            std::move(message),
            fmt::format("it needs write permission for the file and for {}", directory)
        );
    default:
        return fail(Errc::io, std::move(message));
    }
}

tl::unexpected<Error> exists_already(const std::string& path) {
    return fail(
        Errc::conflict,
        fmt::format("{} exists already", path),
        "name another file, or replace it with --force"
    );
}

void sync_directory_of(const std::string& path) {
    const int handle = ::open(directory_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    ::fsync(handle);
    ::close(handle);
}

FileOwner owner_for(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) == 0)
        return {facts.st_uid, facts.st_gid, facts.st_mode & 07777U};
    if (::geteuid() == 0 && ::stat(directory_of(path).c_str(), &facts) == 0)
        return {facts.st_uid, facts.st_gid, 0600};
    return {::geteuid(), ::getegid(), 0600};
}

Result<void> give_to(int descriptor, const FileOwner& owner, const std::string& path) {
    struct stat mine {};
    if (::fstat(descriptor, &mine) != 0)
        return file_error("write", path, errno);
    const bool other_owner = mine.st_uid != owner.user || mine.st_gid != owner.group;
    if (other_owner && ::fchown(descriptor, owner.user, owner.group) != 0)
        return fail(
            Errc::denied,
            fmt::format(
                "cannot write {}: its owner or group cannot be kept: {}", path, std::strerror(errno)
            ),
            "run this as the owner of the file"
        );
    // Last, for a change of owner may clear bits of it.
    if (::fchmod(descriptor, owner.mode) != 0)
        return file_error("write", path, errno);
    return {};
}

}  // namespace pchat
