// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "cli/deploy/rollout.h"
#include "tests/support/expect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

// Machines that only play their part in a roll-out.
namespace pchat::test {

using namespace pchat::cli;
using End = NodeResult::End;

/// What the machines were asked, in order, and how they answer.
struct Stage {
    struct Call {
        std::vector<std::string> words;
        std::chrono::seconds limit{0};
    };
    Guarded<std::vector<std::string>> asked;
    Guarded<std::map<std::string, Call>> last;                // "machine verb"
    Guarded<std::map<std::string, std::string>> fed;          // "machine verb word...": its input
    std::map<std::string, std::deque<std::string>> progress;  // machine -> what it says in turn
    std::map<std::string, Ran> answers;                       // "machine verb"
    std::map<std::string, int> cuts;                          // "machine verb": links that break
    Errc cut_is = Errc::unreachable;

    void note(const std::string& line) {
        asked.with([&](auto& all) { all.push_back(line); });
    }
    [[nodiscard]] std::size_t times(const std::string& line) {
        return asked.with([&](auto& all) {
            return static_cast<std::size_t>(std::count(all.begin(), all.end(), line));
        });
    }
    [[nodiscard]] Call call(const std::string& line) {
        return last.with([&](auto& all) { return all[line]; });
    }
    [[nodiscard]] std::size_t place(const std::string& line) {
        return asked.with([&](auto& all) {
            return static_cast<std::size_t>(std::find(all.begin(), all.end(), line) - all.begin());
        });
    }
};

class PlayedLink : public MachineLink {
public:
    PlayedLink(Stage& stage, std::string name) : stage_(stage), name_(std::move(name)) {}

    Result<Ran> run(
        const std::string& /*script*/,
        const std::vector<std::string>& words,
        std::string_view input,
        std::chrono::seconds limit
    ) override {
        const std::string line = name_ + " " + words[0];
        stage_.note(line);
        stage_.fed.with([&](auto& all) {
            all[fmt::format("{} {}", name_, fmt::join(words, " "))] = input;
        });
        stage_.last.with([&](auto& last) { last[line] = {words, limit}; });
        if (const auto cut = stage_.cuts.find(line); cut != stage_.cuts.end() && cut->second-- > 0)
            return fail(stage_.cut_is, "the link is cut");
        if (words[0] == "progress") {
            auto& said = stage_.progress[name_];
            std::string now = said.front();
            if (said.size() > 1)
                said.pop_front();
            return Ran{0, now, {}};
        }
        const auto answer = stage_.answers.find(line);
        return answer == stage_.answers.end() ? Ran{} : answer->second;
    }
    Result<void> upload(
        const std::string& /*local*/, const std::string& /*remote*/, const UploadSeen& seen
    ) override {
        stage_.note(name_ + " upload");
        if (!seen(1, 2))
            return fail(Errc::interrupted, "stopped");
        return {};
    }
    [[nodiscard]] const std::string& user() const override { return user_; }

private:
    Stage& stage_;
    std::string name_;
    std::string user_ = "root";
};

inline std::string ended(const std::string& how) {
    return "change\tnew\told\trun7\tann\nstep\t1\tbegin\nended\t" + how + "\nstate\tended\n";
}

/// Some machines, all to be changed.
struct Pool {
    Stage stage;
    std::deque<topology::Machine> machines;
    MachineLinks links = [this](const topology::Machine& machine) {
        return Result<std::unique_ptr<MachineLink>>{
            std::make_unique<PlayedLink>(stage, *machine.fqdn)};
    };
    std::deque<NodeWay> ways;
    std::vector<NodeTask> tasks;
    Bundle bundle;
    RolloutWish wish;
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        out, err, in, {}, {}, [](const std::string&) { return std::nullopt; }, {2026, 1, 1}};

    explicit Pool(const std::vector<std::string>& names) {
        bundle.release = "0.2.0-bbbbbbbbbbbb";
        wish.bundle = &bundle;
        wish.run = "run7";
        wish.owner = "ann";
        for (const std::string& name : names) {
            machines.emplace_back().fqdn.value = name;
            NodeTask& task = tasks.emplace_back();
            task.way = &ways.emplace_back(machines.back(), links);
            task.plan.node = name;
            task.plan.release = bundle.release;
            task.plan.old_release = "0.1.0-aaaaaaaaaaaa";
            task.plan.upload = true;
            task.change.id = "new";
            stage.progress[name] = {ended("ok")};
        }
    }
    std::vector<NodeResult> roll() {
        RolloutView view{ctx, names()};
        return roll_out(wish, tasks, view);
    }
    std::vector<NodeResult> roll_it_back() {
        RolloutView view{ctx, names()};
        std::vector<BackTask> back;
        for (NodeWay* way : all_ways())
            back.push_back(
                {way, {way->name(), "0.2.0-bbbbbbbbbbbb", "0.1.0-aaaaaaaaaaaa", "old", true}}
            );
        return roll_back(wish, back, view);
    }
    [[nodiscard]] std::vector<NodeWay*> all_ways() const {
        std::vector<NodeWay*> all;
        for (const NodeTask& task : tasks)
            all.push_back(task.way);
        return all;
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const NodeTask& task : tasks)
            all.push_back(task.way->name());
        return all;
    }
};

inline std::string ends_of(const std::vector<NodeResult>& results) {
    std::vector<std::string_view> out;
    for (const NodeResult& one : results)
        out.push_back(to_string(one.end));
    return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace pchat::test
