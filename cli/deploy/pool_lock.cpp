// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/pool_lock.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

namespace pchat::cli {
namespace {

std::string host_name() {
    std::array<char, 256> out{};
    ::gethostname(out.data(), out.size() - 1);
    return out.data();
}

std::string user_name() {
    const passwd* entry = ::getpwuid(::geteuid());
    return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

/// When a process began, in the kernel's ticks: another one of the same number began later. Empty
/// where there is none.
std::string beginning_of(pid_t pid) {
    std::ifstream in{fmt::format("/proc/{}/stat", pid)};
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

std::string age_text(const std::string& seconds) {
    std::int64_t age = 0;
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), age);
    return age < 120 ? fmt::format("{} s", age) : fmt::format("{} min", age / 60);
}

}  // namespace

std::string lock_owner() {
    return fmt::format(
        "{}@{} {} {}", user_name(), host_name(), ::getpid(), beginning_of(::getpid())
    );
}

bool is_gone(const std::string& owner) {
    std::istringstream words{owner};
    std::string who;
    pid_t pid = 0;
    std::string began;
    if (!(words >> who >> pid >> began) || !who.ends_with("@" + host_name()) || pid <= 0)
        return false;
    return beginning_of(pid) != began;
}

Result<std::unique_ptr<PoolLock>> PoolLock::take(
    const std::vector<NodeWay*>& ways, const std::string& owner, bool by_force
) {
    std::unique_ptr<PoolLock> out{new PoolLock{owner}};
    std::vector<NodeWay*> sorted = ways;
    std::sort(sorted.begin(), sorted.end(), [](const NodeWay* a, const NodeWay* b) {
        return a->name() < b->name();
    });
    for (NodeWay* way : sorted) {
        Result<Said> said = way->ask({"lock", owner});
        const std::vector<std::string>* held = said ? said->line("held") : nullptr;
        if (held != nullptr && held->size() > 2 && (by_force || is_gone((*held)[1])))
            said = way->ask({"lock", owner, std::string{(*held)[1]}});
        if (!said)
            return pass(said.error(), way->name());
        held = said->line("held");
        if (held != nullptr && held->size() > 2)
            return fail(
                Errc::conflict,
                fmt::format(
                    "{} is being deployed by {}, last heard of {} ago",
                    way->name(),
                    (*held)[1],
                    age_text((*held)[2])
                ),
                "wait for it; when it is gone for good: --take-over"
            );
        out->held_.push_back(way);
    }
    return out;
}

PoolLock::~PoolLock() {
    for (NodeWay* way : held_)
        (void)way->ask({"unlock", owner_}
        );  // what is left is known to be of a process that is gone
}

void PoolLock::touch() {
    for (NodeWay* way : held_)
        (void)way->ask({"touch-lock", owner_});
}

}  // namespace pchat::cli
