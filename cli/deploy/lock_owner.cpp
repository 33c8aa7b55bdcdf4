// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/lock_owner.h"

#include "base/sha256.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <system_error>

namespace pchat::cli {
namespace {

constexpr std::string_view outermost = "4026531836";  // namespace of processes; fixed in Linux
constexpr std::size_t digits = 8;

std::string host_name() {
    std::array<char, 256> out{};
    ::gethostname(out.data(), out.size() - 1);
    return out.data();
}

std::string user_name() {
    const passwd* entry = ::getpwuid(::geteuid());
    return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

std::string first_line_of(const std::string& file) {
    std::ifstream in{file};
    std::string out;
    std::getline(in, out);
    return out;
}

/// Short, and not the text itself: the number of a machine is nobody else's business.
std::string mark_of(const std::string& file) {
    const std::string text = first_line_of(file);
    return text.empty() ? "" : sha256_hex("pchat " + text).substr(0, digits);
}

/// Where a process is a process, as far as that can be known.
struct Place {
    std::string machine;
    std::string start;  // of the machine
    std::string space;  // the namespace of processes

    [[nodiscard]] std::string text() const {
        return fmt::format("{}-{}-{}", machine, start, space);
    }
};

Place this_place() {
    std::error_code code;
    const std::string space = std::filesystem::read_symlink("/proc/self/ns/pid", code).string();
    const std::size_t begin = space.find('[');
    return {
        mark_of("/etc/machine-id"),
        mark_of("/proc/sys/kernel/random/boot_id"),
        begin == std::string::npos ? "" : space.substr(begin + 1, space.find(']') - begin - 1)};
}

Place read_place(const std::string& text) {
    std::istringstream parts{text};
    Place out;
    std::getline(parts, out.machine, '-');
    std::getline(parts, out.start, '-');
    std::getline(parts, out.space, '-');
    return out;
}

/// When a process began, in the kernel's ticks: another one of the same number began later. Empty
/// where that is not to be seen.
std::string beginning_of(pid_t pid, const std::string& proc) {
    std::ifstream in{fmt::format("{}/{}/stat", proc, pid)};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    const std::size_t name_end = text.rfind(')');  // the name may hold anything
    if (name_end == std::string::npos)
        return {};
    std::istringstream fields{text.substr(name_end + 1)};
    std::string word;
    constexpr int beginning = 20;  // the 22nd of all
    for (int i = 0; i < beginning; ++i)
        if (!(fields >> word))
            return {};
    return word;
}

}  // namespace

std::string lock_owner() {
    return fmt::format(
        "{}@{} {} {} {}",
        user_name(),
        host_name(),
        ::getpid(),
        beginning_of(::getpid(), "/proc"),
        this_place().text()
    );
}

bool is_gone(const std::string& owner, const std::string& proc) {
    std::istringstream words{owner};
    std::string who;
    pid_t pid = 0;
    std::string began;
    std::string place;
    if (!(words >> who >> pid >> began >> place) || !who.ends_with("@" + host_name()) || pid <= 0)
        return false;
    const Place theirs = read_place(place);
    const Place ours = this_place();
    if (ours.start.empty() || ours.space.empty() || theirs.space != ours.space)
        return false;
    // Containers of one image have one number for a machine; what is outermost is no container.
    if (theirs.start != ours.start)
        return ours.space == outermost && !ours.machine.empty() && theirs.machine == ours.machine;
    if (::kill(pid, 0) != 0 && errno == ESRCH)
        return true;
    // With hidepid the processes of others are there and have no folder.
    const std::string begins = beginning_of(pid, proc);
    return !begins.empty() && begins != began;
}

}  // namespace pchat::cli
