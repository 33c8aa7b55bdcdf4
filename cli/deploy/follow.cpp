// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/follow.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;
using End = NodeResult::End;
using Clock = std::chrono::steady_clock;

constexpr auto between_looks = 300ms;
constexpr auto between_attempts = 1s;
constexpr auto start_of_a_machine = 180s;
constexpr int most_recoveries = 3;

/// Steps that say nothing that is not said anyway.
bool is_of_the_books(const std::string& step) {
    return step == "begin" || step == "keep" || step == "gate";
}

/// What a person reads for a step of the node's program.
std::string step_text(const std::string& step) {
    const bool back = step.starts_with("back");
    const std::string name = back && step.size() > 5 ? step.substr(5) : step;
    const std::string text = name == "back"     ? "going back"
                             : name == "stop"   ? "services are stopped"
                             : name == "files"  ? "files are in place"
                             : name == "switch" ? "the release is switched"
                             : name == "units"  ? "services are known"
                             : name == "start"  ? "services are started"
                             : name == "gate"   ? "ready"
                             : name == "keep"   ? "in force"
                                                : name;
    return back && name != "back" ? "going back: " + text : text;
}

/// Follows one activation.
class Follower {
public:
    Follower(NodeWay& way, std::chrono::seconds within, RolloutView& view)
        : way_(way), view_(view), patience_(2 * within + start_of_a_machine) {}

    /// `run`: whose; empty: whoever's it is.
    NodeResult run(const std::string& run, const std::function<Result<void>()>& begin) {
        NodeResult out;
        out.node = way_.name();
        heard_ = Clock::now();
        bool begun = false;
        while (true) {
            if (!begun) {
                const Result<void> asked = begin();
                if (!asked && asked.error().code != Errc::unreachable)
                    return failed(std::move(out), asked.error());
                begun = true;
            }
            const Result<Said> said = way_.ask({"progress"});
            if (!said) {
                if (said.error().code != Errc::unreachable || Clock::now() - heard_ > patience_)
                    return failed(std::move(out), said.error());
                view_.tell(way_.name(), "no answer; it goes on by itself: " + said.error().message);
                std::this_thread::sleep_for(between_attempts);
                continue;
            }
            heard_ = Clock::now();
            // The link broke before it could begin.
            if (!run.empty() && run_of(*said) != run) {
                begun = false;
                std::this_thread::sleep_for(between_attempts);
                continue;
            }
            show(*said);
            if (ended(*said, out))
                return out;
            std::this_thread::sleep_for(between_looks);
        }
    }

private:
    NodeResult failed(NodeResult out, const Error& error) {
        out.end = End::failed;
        out.text = error.message;
        out.hint = error.hint;
        view_.tell(way_.name(), error.message);
        return out;
    }

    static std::string run_of(const Said& said) {
        const auto* change = said.line("change");
        return change != nullptr && change->size() > 3 ? (*change)[3] : std::string{};
    }

    /// What is new since the last time.
    void show(const Said& said) {
        for (std::size_t i = shown_; i < said.lines.size(); ++i) {
            const auto& line = said.lines[i];
            if (line.size() > 2 && line[0] == "step" && !is_of_the_books(line[2]))
                view_.tell(way_.name(), step_text(line[2]));
            else if (line.size() > 1 && (line[0] == "note" || line[0] == "why"))
                view_.tell(way_.name(), line[1]);
        }
        // The state is the last line, and another one each time.
        shown_ = said.lines.empty() ? 0 : said.lines.size() - 1;
    }

    /// Whether it is over; brings what was cut off to its end.
    bool ended(const Said& said, NodeResult& out) {
        const auto* state = said.line("state");
        const std::string now = state != nullptr && state->size() > 1 ? (*state)[1] : "none";
        if (now == "running")
            return false;
        if (now == "gone") {
            return !recovers(out);
        }
        const auto* end = said.line("ended");
        const std::string how = end != nullptr && end->size() > 1 ? (*end)[1] : "none";
        out.end = how == "ok" ? End::done : how == "undone" ? End::undone : End::failed;
        if (const auto* why = said.line("why"); why != nullptr && why->size() > 1)
            out.text = (*why)[1];
        else if (end != nullptr && end->size() > 2)
            out.text = (*end)[2];
        for (const auto& line : said.lines)
            if (line.size() > 2 && line[0] == "log")
                out.log.push_back(fmt::format("{}: {}", line[1], line[2]));
        view_.tell(
            way_.name(),
            out.end == End::done     ? std::string{"ready"}
            : out.end == End::undone ? "not ready; what was before is in force: " + out.text
                                     : "failed: " + out.text
        );
        return true;
    }

    /// Whether there is something to follow; otherwise `out` says why not.
    bool recovers(NodeResult& out) {
        view_.tell(way_.name(), "it was cut off; it is brought to an end");
        shown_ = 0;
        const Result<Said> begun = way_.ask({"recover"});
        if (begun && begun->line("none") == nullptr && ++recoveries_ <= most_recoveries)
            return true;
        out = failed(
            std::move(out),
            begun
                ? Error{Errc::io, "it was cut off, and does not come to an end", "journalctl -u pchat-activation there", {}, false, {}, {}}
                : begun.error()
        );
        return false;
    }

    NodeWay& way_;
    RolloutView& view_;
    Clock::duration patience_;
    Clock::time_point heard_;
    std::size_t shown_ = 0;
    int recoveries_ = 0;
};

}  // namespace

NodeResult follow_activation(
    NodeWay& way,
    const std::string& run,
    const std::function<Result<void>()>& begin,
    std::chrono::seconds within,
    RolloutView& view
) {
    return Follower{way, within, view}.run(run, begin);
}

NodeResult settle(NodeWay& way, std::chrono::seconds within, RolloutView& view) {
    return Follower{way, within, view}.run({}, [] { return Result<void>{}; });
}

}  // namespace pchat::cli
