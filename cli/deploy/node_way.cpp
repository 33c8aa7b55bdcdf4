// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_way.h"

#include "cli/deploy/node_found.h"
#include "cli/deploy/node_program.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pchat::cli {
namespace {

using std::chrono::seconds;

constexpr int busy_status = 3;
constexpr seconds usual_limit{180};

/// A machine that is gone is noticed long before; these are for one that has much to do.
seconds limit_of(std::string_view verb) {
    struct Limit {
        std::string_view verb;
        seconds most;
    };
    constexpr std::array limits{
        Limit{"touch-lock", seconds{20}},
        Limit{"unlock", seconds{20}},
        Limit{"unpack", seconds{900}},
        Limit{"stage", seconds{600}},
        Limit{"prune", seconds{600}},
        Limit{"provision", seconds{6 * 3600}},  // brings the tables of old data up to date
        Limit{"remove", seconds{3600}}};        // with data that took years
    const auto* found = std::find_if(limits.begin(), limits.end(), [&](const Limit& one) {
        return one.verb == verb;
    });
    return found == limits.end() ? usual_limit : found->most;
}

Result<Said> read_said(const Result<Ran>& done, const std::string& verb) {
    if (!done)
        return pass(done.error());
    if (done->status != 0 && done->status != busy_status)
        return pass(node_error(done->err, verb));
    Said out;
    out.busy = done->status == busy_status;
    std::string_view rest = done->out;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        out.lines.push_back(words_of(rest.substr(0, end)));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return out;
}

}  // namespace

const std::vector<std::string>* Said::line(std::string_view word) const {
    for (const auto& one : lines)
        if (!one.empty() && one[0] == word)
            return &one;
    return nullptr;
}

NodeWay::NodeWay(const topology::Machine& machine, const MachineLinks& links)
    : machine_(machine), links_(links) {}

const std::string& NodeWay::name() const {
    return *machine_.fqdn;
}

Result<void> NodeWay::connect() {
    link_.reset();
    Result<std::unique_ptr<MachineLink>> made = links_(machine_);
    if (!made)
        return pass(std::move(made).error());
    link_ = std::move(*made);
    return {};
}

Result<std::string> NodeWay::user() {
    if (!link_)
        if (Result<void> connected = connect(); !connected)
            return pass(std::move(connected).error());
    return link_->user();
}

Result<Ran> NodeWay::call(const std::vector<std::string>& words, std::string_view input) {
    const bool fresh = !link_;
    if (fresh)
        if (Result<void> connected = connect(); !connected)
            return pass(std::move(connected).error());
    const seconds limit = limit_of(words[0]);
    Result<Ran> done = link_->run(node_program(), words, input, limit);
    if (done || fresh || done.error().code != Errc::unreachable)
        return done;
    if (Result<void> connected = connect(); !connected)
        return pass(std::move(connected).error());
    return link_->run(node_program(), words, input, limit);
}

Result<std::string> NodeWay::look(const std::string& question) {
    Result<Ran> done = call({"look"}, question);
    if (!done)
        return pass(std::move(done).error());
    if (done->status != 0)
        return pass(node_error(done->err, "look"));
    return std::move(done->out);
}

Result<Said> NodeWay::ask(const std::vector<std::string>& words, std::string_view input) {
    return read_said(call(words, input), words[0]);
}

Result<Said> NodeWay::ask_once(const std::vector<std::string>& words) {
    if (!link_)
        if (Result<void> connected = connect(); !connected)
            return pass(std::move(connected).error());
    return read_said(link_->run(node_program(), words, {}, limit_of(words[0])), words[0]);
}

Result<Ran> NodeWay::run(const std::string& script, std::chrono::seconds limit) {
    if (!link_)
        if (Result<void> connected = connect(); !connected)
            return pass(std::move(connected).error());
    return link_->run(script, {}, {}, limit);
}

Result<void> NodeWay::upload(
    const std::string& local, const std::string& remote, const UploadSeen& seen
) {
    if (!link_)
        if (Result<void> connected = connect(); !connected)
            return connected;
    return link_->upload(local, remote, seen);
}

}  // namespace pchat::cli
