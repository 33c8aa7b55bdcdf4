// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/local_server/start_program.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// Programs that work together in the foreground of this one. They hear of Ctrl-C by us alone, end
/// in the reverse order of their starts, and die when we do. For one thread; one group at a time.
class ProcessGroup {
public:
    using Number = std::size_t;

    ProcessGroup();
    /// Kills whoever is there still.
    ~ProcessGroup();
    ProcessGroup(const ProcessGroup&) = delete;
    ProcessGroup& operator=(const ProcessGroup&) = delete;
    ProcessGroup(ProcessGroup&&) = delete;
    ProcessGroup& operator=(ProcessGroup&&) = delete;

    /// What it prints is appended to the file `log`, but for the first line on its standard output.
    /// `stop`: the signal by which it ends in order.
    Result<Number> start(
        std::string name, ServerProgram program, const std::string& log, int stop = SIGTERM
    );

    // All three fail with `interrupted` as soon as we are to end.

    /// Empty when it ended before it printed one.
    Result<std::string> first_line(Number which);
    /// Looks again and again; `timeout` when it never was so, false when the program has ended.
    Result<bool> wait_until(Number which, const std::function<bool()>& holds);
    /// Until one of them ends: which.
    Result<Number> wait();

    [[nodiscard]] bool is_running(Number which) const { return !all_[which].status; }
    /// "ended with 3", "was ended by signal 9".
    [[nodiscard]] std::string end_of(Number which) const;
    [[nodiscard]] bool went_well(Number which) const { return all_[which].status == 0; }
    [[nodiscard]] pid_t pid(Number which) const { return all_[which].pid; }
    [[nodiscard]] const std::string& name(Number which) const { return all_[which].name; }
    [[nodiscard]] std::string end_of_log(Number which) const;
    /// Who it was, how it ended, and the end of its log.
    [[nodiscard]] std::string last_words(Number which) const;
    /// The signal that we were given; 0: none.
    [[nodiscard]] int stopped_by() const { return stopped_by_; }

    /// Ends them in order, each when those that came after it are gone. A second signal kills.
    void stop();

private:
    struct Member {
        std::string name;
        std::string log;
        pid_t pid = 0;
        int output = -1;
        int stop = SIGTERM;
        std::optional<int> status = {};  // as waitpid has it, once it has ended
        std::string line = {};           // the first one, as far as it has come
        bool told = false;               // that it has ended
    };
    /// Something happened, or the time is over.
    void wait_once(std::chrono::milliseconds most);
    void take_signal();
    void read_output(Member& member);
    void reap();

    int signals_;
    int signals_taken_ = 0;
    int stopped_by_ = 0;
    std::vector<Member> all_;
};

}  // namespace pchat::cli
