// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_disk.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string>

namespace pchat::test {
namespace {

// Whoever is not root becomes the root of a user namespace, where the kernel allows that; it
// refuses in a process with threads.
bool mounts_of_our_own() {
    if (::unshare(CLONE_NEWNS) != 0) {
        const auto user = std::to_string(::geteuid());
        const auto group = std::to_string(::getegid());
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return false;
        std::ofstream{"/proc/self/setgroups"} << "deny";
        std::ofstream{"/proc/self/uid_map"} << user << ' ' << user << " 1";
        std::ofstream{"/proc/self/gid_map"} << group << ' ' << group << " 1";
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool mount_at(const std::filesystem::path& path, int kibibytes) {
    static const bool possible = mounts_of_our_own();
    const std::string options = "mode=0777,size=" + std::to_string(kibibytes) + "k";
    return possible && ::mount("tmpfs", path.c_str(), "tmpfs", 0, options.c_str()) == 0;
}

}  // namespace

SmallDisk::SmallDisk(int kibibytes) : mounted_(mount_at(dir_.path(), kibibytes)) {}

SmallDisk::~SmallDisk() {
    if (mounted_)
        ::umount2(path().c_str(), MNT_DETACH);
}

std::filesystem::path SmallDisk::fill() const {
    std::filesystem::path file = path() / "filler";
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        throw std::runtime_error("cannot fill " + path().string());
    const std::array<char, 4096> page{};
    while (::write(descriptor, page.data(), page.size()) > 0) {
    }
    ::close(descriptor);
    return file;
}

}  // namespace pchat::test
