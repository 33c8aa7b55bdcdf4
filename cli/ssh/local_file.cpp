// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/local_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace pchat::cli {
namespace {

tl::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
    return fail(Errc::bad_file, fmt::format("cannot read {}: {}", path, why));
}

}  // namespace

LocalFile::LocalFile(const std::string& path)
    : path_(path), number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

LocalFile::~LocalFile() {
    if (number_ >= 0)
        ::close(number_);
}

LocalFile::LocalFile(LocalFile&& other) noexcept
    : path_(std::move(other.path_)), number_(std::exchange(other.number_, -1)), size_(other.size_) {
}

Result<LocalFile> LocalFile::open(const std::string& path) {
    LocalFile out{path};
    struct stat facts {};
    if (out.number_ < 0 || ::fstat(out.number_, &facts) != 0)
        return unreadable(path, std::generic_category().message(errno));
    if (!S_ISREG(facts.st_mode))
        return unreadable(path, "it is not a regular file");
    out.size_ = static_cast<std::uint64_t>(facts.st_size);
    return out;
}

Result<void> LocalFile::read(std::uint64_t offset, char* into, std::size_t size) const {
    while (size > 0) {
        const ssize_t got = ::pread(number_, into, size, static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return unreadable(path_, std::generic_category().message(errno));
        if (got == 0)
            return unreadable(path_, "it has become shorter meanwhile");
        into += got;
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    return {};
}

}  // namespace pchat::cli
