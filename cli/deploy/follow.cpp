// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/follow.h"

#include <fmt/format.h>

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
constexpr auto silence_at_an_end = 5s;  // for whoever wants to end
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

/// What an activation has come to. One that was cut off, or could not be taken back, goes on in the
/// same account: its last lines count.
struct Account {
    std::string run;
    std::string state = "none";
    std::size_t endings = 0;
    std::string ending;  // "ok", "undone", "failed"
    std::string why;
    std::string hint;
    std::vector<std::string> log;  // of what ended last
};

Account read_account(const Said& said) {
    Account out;
    bool over = false;
    for (const auto& line : said.lines) {
        const auto word = [&](std::size_t i) { return i < line.size() ? line[i] : std::string{}; };
        if (line[0] == "state") {
            out.state = word(1);
            continue;
        }
        if (std::exchange(over, line[0] == "ended")) {
            out.why.clear();
            out.log.clear();
        }
        if (line[0] == "change")
            out.run = word(3);
        else if (line[0] == "why")
            out.why = word(1);
        else if (line[0] == "log")
            out.log.push_back(fmt::format("{}: {}", word(1), word(2)));
        if (line[0] != "ended")
            continue;
        ++out.endings;
        out.ending = word(1);
        out.hint = word(3);
        if (!word(2).empty())
            out.why = word(2);
    }
    return out;
}

/// Whether the node may have heard what was asked, or will hear it when it is back.
bool is_of_the_link(const Error& error) {
    return error.code == Errc::unreachable || error.code == Errc::timeout ||
           error.code == Errc::denied;
}

/// Follows one activation.
class Follower {
public:
    Follower(const RolloutWish& wish, NodeWay& way, RolloutView& view)
        : wish_(wish), way_(way), view_(view), patience_(2 * wish.within + start_of_a_machine) {
        out_.node = way.name();
    }

    NodeResult run(const std::function<Result<void>()>& begin) {
        heard_ = Clock::now();
        bool heard_of = false;  // by the node, for certain
        bool begun = false;
        while (true) {
            if (!begun) {
                const Result<void> asked = begin();
                if (!asked && !is_of_the_link(asked.error()))
                    return failed(asked.error());
                heard_of = asked.has_value();
                begun = true;
            }
            const Result<Said> said = way_.ask({"progress"});
            if (!said) {
                // A machine that goes down or comes up sends people away in many ways.
                if (said.error().code == Errc::conflict || Clock::now() - heard_ > patience_)
                    return failed(said.error());
                view_.tell(way_.name(), "no answer; it goes on by itself: " + said.error().message);
                if (is_let_go())
                    return let_go();
                std::this_thread::sleep_for(between_attempts);
                continue;
            }
            heard_ = Clock::now();
            const Account account = read_account(*said);
            if (!wish_.run.empty() && account.run != wish_.run) {
                if (heard_of)
                    return failed(
                        {Errc::conflict,
                         "somebody else changes it now",
                         "see how the machines are: pchatctl deploy status",
                         {},
                         false,
                         {},
                         {}}
                    );
                if (wish_.stop())
                    return std::move(out_);  // not begun
                begun = false;               // the link broke before it was heard
                std::this_thread::sleep_for(between_attempts);
                continue;
            }
            show(*said);
            if (ended(account))
                return std::move(out_);
            if (is_let_go())
                return let_go();
            std::this_thread::sleep_for(between_looks);
        }
    }

    /// Whether the node itself has told an end.
    [[nodiscard]] bool by_itself() const { return by_itself_; }

    /// What is there was told to whoever began it.
    void pass_over(const Said& said) {
        shown_ = said.lines.empty() ? 0 : said.lines.size() - 1;
        endings_ = read_account(said).endings;
    }

private:
    NodeResult failed(const Error& error) {
        out_.end = End::failed;
        out_.text = error.message;
        out_.hint = error.hint;
        view_.tell(way_.name(), error.message);
        return std::move(out_);
    }

    NodeResult let_go() {
        out_.end = End::left;
        out_.text = "it was not waited for; it comes to its end by itself";
        out_.hint = "see how it is: pchatctl deploy status";
        view_.tell(way_.name(), out_.text);
        return std::move(out_);
    }

    /// Whether somebody wants to end, and this is nothing to wait for.
    bool is_let_go() {
        if (!wish_.stop())
            return false;
        if (!std::exchange(told_of_waiting_, true))
            view_.tell(
                way_.name(),
                "asked to end: waiting for this machine, which goes on by itself; asked again, "
                "it ends here at once"
            );
        return wish_.stop_at_once() || Clock::now() - heard_ > silence_at_an_end;
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
    bool ended(const Account& account) {
        if (account.state == "running")
            return false;
        if (account.state == "gone" && account.endings == endings_)
            return !recovers();
        out_.end = account.state == "none"      ? End::unchanged
                   : account.ending == "ok"     ? End::done
                   : account.ending == "undone" ? End::undone
                                                : End::failed;
        out_.text = account.why;
        out_.hint = account.hint;
        out_.log = account.log;
        by_itself_ = true;
        if (out_.end == End::unchanged)
            return true;
        view_.tell(
            way_.name(),
            out_.end == End::done     ? std::string{"ready"}
            : out_.end == End::undone ? "not ready; what was before is in force: " + out_.text
                                      : "failed: " + out_.text
        );
        return true;
    }

    /// Whether there is something to follow; otherwise the result says why not.
    bool recovers() {
        view_.tell(way_.name(), "it was cut off; it is brought to an end");
        const Result<Said> begun = way_.ask({"recover"});
        if (begun && begun->line("none") == nullptr && ++recoveries_ <= most_recoveries)
            return true;
        if (!begun && is_of_the_link(begun.error()))
            return true;  // it is asked how far it is, and again
        failed(
            begun
                ? Error{Errc::io, "it was cut off, and does not come to an end", "journalctl -u pchat-activation there", {}, false, {}, {}}
                : begun.error()
        );
        return false;
    }

    const RolloutWish& wish_;
    NodeWay& way_;
    RolloutView& view_;
    Clock::duration patience_;
    Clock::time_point heard_;
    bool told_of_waiting_ = false;
    NodeResult out_;
    std::size_t shown_ = 0;
    std::size_t endings_ = 0;  // those that were there before
    int recoveries_ = 0;
    bool by_itself_ = false;
};

}  // namespace

NodeResult follow_activation(
    const RolloutWish& wish,
    NodeWay& way,
    const std::function<Result<void>()>& begin,
    RolloutView& view
) {
    return Follower{wish, way, view}.run(begin);
}

Result<void> settle(NodeWay& way, std::chrono::seconds within, RolloutView& view) {
    RolloutWish wish;
    wish.within = within;
    Follower follower{wish, way, view};
    const NodeResult result = follower.run([&]() -> Result<void> {
        const Result<Said> before = way.ask({"progress"});
        if (!before)
            return pass(before.error());
        follower.pass_over(*before);
        // Also what has ended: what could not be taken back is tried again.
        const Result<Said> begun = way.ask({"recover"});
        return begun ? Result<void>{} : Result<void>{pass(begun.error())};
    });
    if (result.end != End::failed || follower.by_itself())
        return {};
    return fail(Errc::io, fmt::format("{}: {}", result.node, result.text), result.hint);
}

}  // namespace pchat::cli
