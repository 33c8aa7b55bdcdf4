// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/machine_link.h"
#include "topology/model.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// Gets to a machine; tests have their own.
using MachineLinks =
    std::function<Result<std::unique_ptr<MachineLink>>(const topology::Machine& machine)>;

/// What the program on a node said: its lines, and 3 for a status where somebody else is at it.
struct Said {
    bool busy = false;
    std::vector<std::vector<std::string>> lines;

    /// The line that begins with this word, or none.
    [[nodiscard]] const std::vector<std::string>* line(std::string_view word) const;
};

/// Talks with the program on one node; used by one thread at a time. Nearly all that it asks for
/// can be asked for again, so a link that broke is made anew once for each call.
class NodeWay {
public:
    NodeWay(const topology::Machine& machine, const MachineLinks& links);

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] const topology::Machine& machine() const { return machine_; }
    [[nodiscard]] const MachineLinks& links() const { return links_; }

    Result<void> connect();
    /// As it was said; for what is asked once and long.
    Result<std::string> look(const std::string& question);
    /// `words`: the verb and what follows it.
    Result<Said> ask(const std::vector<std::string>& words, std::string_view input = {});
    /// What is not asked again: when the link breaks, nobody knows whether it was heard.
    Result<Said> ask_once(const std::vector<std::string>& words);
    /// Any other program there.
    Result<Ran> run(const std::string& script, std::chrono::seconds limit);
    Result<void> upload(
        const std::string& local, const std::string& remote, const UploadSeen& seen
    );
    /// Who signed in.
    Result<std::string> user();

private:
    Result<Ran> call(const std::vector<std::string>& words, std::string_view input);

    const topology::Machine& machine_;
    const MachineLinks& links_;
    std::unique_ptr<MachineLink> link_;
};

}  // namespace pchat::cli
