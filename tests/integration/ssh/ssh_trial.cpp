// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_link.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

// One thing done over SSH, for tests and measurements that are not written in C++:
//   ssh_trial HOME KEY MACHINE JUMP upload LOCAL REMOTE
//   ssh_trial HOME KEY MACHINE JUMP run SCRIPT
// MACHINE and JUMP are [user@]host[:port], JUMP may be "-". Says "connected" once it is, then
// "done", or the class of a failure and its message. Whatever host key it meets is accepted.
namespace {

using namespace pchat;

Result<void> act(cli::MachineLink& link, const std::vector<std::string_view>& words) {
    if (words.at(0) == "upload")
        return link.upload(std::string{words.at(1)}, std::string{words.at(2)}, {});
    const auto ran = link.run(std::string{words.at(1)}, {}, {}, std::chrono::hours{1});
    if (!ran)
        return pass(ran.error());
    return {};
}

Result<void> work(const std::vector<std::string_view>& words) {
    cli::SshWish wish;
    wish.home = words.at(0);
    wish.identities.emplace_back(words.at(1));
    wish.new_host_keys = cli::NewHostKeys::accept;
    const auto machine = cli::parse_ssh_point(words.at(2), "root");
    if (!machine)
        return pass(machine.error());
    wish.machine = *machine;
    if (words.at(3) != "-") {
        const auto jump = cli::parse_ssh_point(words.at(3), "root");
        if (!jump)
            return pass(jump.error());
        wish.jump = *jump;
    }
    const auto link = cli::connect_ssh(wish, {});
    if (!link)
        return pass(link.error());
    std::puts("connected");
    (void)std::fflush(stdout);
    return act(**link, {words.begin() + 4, words.end()});
}

}  // namespace

int main(int argc, char** argv) {
    const Result<void> done = work({argv + 1, argv + argc});
    if (done) {
        std::puts("done");
        return 0;
    }
    fmt::print("{}: {}\n", error_class(done.error().code).token, done.error().message);
    return 1;
}
