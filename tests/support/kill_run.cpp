// SPDX-License-Identifier: Apache-2.0
#include "tests/support/kill_run.h"

#include "base/guarded.h"
#include "tests/support/chat_client.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

namespace pchat::test {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

struct Sent {
    std::size_t room = 0;
    std::string key;  // the body says it, too
    std::int64_t seq = 0;
};

/// What all of them share.
struct Run {
    const World& world;
    const KillPlan& plan;
    std::uint16_t port = 0;
    std::map<std::string, std::size_t> room_of = {};  // by uuid
    std::atomic<bool> sending{true};
    std::mutex mutex = {};
    std::condition_variable progress = {};
    std::size_t acknowledged = 0;
    Guarded<std::vector<std::string>> faults = {};

    void fault(std::string text) {
        faults.with([&](auto& list) { list.push_back(std::move(text)); });
    }
    void count_one() {
        const std::lock_guard lock{mutex};
        ++acknowledged;
        progress.notify_all();
    }
};

/// One person over all sessions: sends, and reads every room from its first message.
class Person {
public:
    Person(Run& run, std::size_t number) : run_(run), number_(number), seen_(run.plan.rooms) {}

    /// Until everything sent is acknowledged and sending is over.
    void live() {
        while (!done()) {
            try {
                one_session();
            } catch (const ChatClosed&) {
                std::this_thread::sleep_for(2ms);  // it was killed; is it back?
            }
        }
    }
    /// Reads what is there still.
    void catch_up() {
        ChatClient client{run_.port, run_.world.tokens[number_]};
        join(client);
    }

    [[nodiscard]] const std::vector<Sent>& acknowledged() const { return acknowledged_; }
    /// Bodies, by room; the n-th is that of number n + 1.
    [[nodiscard]] const std::vector<std::vector<std::string>>& seen() const { return seen_; }
    [[nodiscard]] std::size_t sessions() const { return sessions_; }
    [[nodiscard]] std::size_t sent_again() const { return sent_again_; }

private:
    [[nodiscard]] bool done() const { return !run_.sending && open_.empty(); }

    void one_session() {
        ChatClient client{run_.port, run_.world.tokens[number_]};
        ++sessions_;
        join(client);
        for (auto& [key, sent] : open_) {
            ++sent_again_;
            send(client, sent);
        }
        while (!done()) {
            while (run_.sending && open_.size() < run_.plan.in_flight)
                begin(client);
            const std::optional<Json> frame = client.next(100ms);
            if (frame)
                take(*frame);
            else if (!client.is_open())
                return;
        }
    }

    void join(ChatClient& client) {
        for (std::size_t room = 0; room < run_.plan.rooms; ++room) {
            const std::string& uuid = run_.world.room_uuids[room];
            Json page = client.join(uuid, seen_[room].size());
            if (page["type"] != "ok")
                throw ChatClosed("cannot join: " + page.dump());
            const std::int64_t head = page["head"];
            if (page["gap"].get<bool>())
                run_.fault(fmt::format("user {}: a gap in room {}", number_, room));
            for (;;) {
                for (const Json& message : page["messages"])
                    see(room, message);
                if (static_cast<std::int64_t>(seen_[room].size()) >= head)
                    break;
                page = client.ask(
                    {{"type", "history"},
                     {"room", uuid},
                     {"after", seen_[room].size()},
                     {"limit", 500}}
                );
                if (page["type"] != "ok")
                    throw ChatClosed("cannot read: " + page.dump());
                if (page["messages"].empty()) {
                    run_.fault(fmt::format("user {}: room {} ends before its head", number_, room));
                    break;
                }
            }
        }
    }

    void begin(ChatClient& client) {
        Sent sent;
        sent.room = (number_ + ++last_) % run_.plan.rooms;
        sent.key = fmt::format("{}-{}", number_, last_);
        open_.emplace(sent.key, sent);
        send(client, sent);
    }

    void send(ChatClient& client, const Sent& sent) {
        client.send(
            {{"type", "send"},
             {"id", sent.key},
             {"room", run_.world.room_uuids[sent.room]},
             {"key", sent.key},
             {"body", "body of " + sent.key}}
        );
    }

    void take(const Json& frame) {
        const std::string& type = frame["type"].get_ref<const std::string&>();
        if (type == "msg") {
            see(run_.room_of.at(frame["room"]), frame);
        } else if (type == "ok" && frame.contains("seq")) {
            const auto found = open_.find(frame["id"].get<std::string>());
            if (found == open_.end())
                return run_.fault("an answer to nothing: " + frame.dump());
            found->second.seq = frame["seq"];
            acknowledged_.push_back(found->second);
            open_.erase(found);
            run_.count_one();
        } else if (type == "err") {
            if (frame["code"] != "database-unavailable")
                run_.fault("refused: " + frame.dump());
            throw ChatClosed("begin again");
        }
    }

    void see(std::size_t room, const Json& message) {
        const std::int64_t seq = message["seq"];
        const auto expected = static_cast<std::int64_t>(seen_[room].size()) + 1;
        if (seq != expected)
            run_.fault(fmt::format(
                "user {} in room {}: got {} where {} comes next", number_, room, seq, expected
            ));
        if (seq >= expected)
            seen_[room].resize(static_cast<std::size_t>(seq));
        seen_[room][static_cast<std::size_t>(seq - 1)] = message["body"];
    }

    Run& run_;
    std::size_t number_;
    std::uint64_t last_ = 0;
    std::map<std::string, Sent> open_;
    std::vector<Sent> acknowledged_;
    std::vector<std::vector<std::string>> seen_;
    std::size_t sessions_ = 0;
    std::size_t sent_again_ = 0;
};

/// The bodies of a room as the database has them, by number; faults where they are not dense.
std::vector<std::string> stored_bodies(Run& run, ContentDatabase& content, std::size_t room) {
    std::vector<std::string> out;
    const Result<void> read = content.read("checking", [&](ContentTransaction& tx) -> Result<void> {
        out.clear();
        const auto found = tx.rooms().find_uuid(run.world.room_uuids[room]);
        if (!found || !*found)
            return fail(Errc::not_found, "no room");
        for (std::int64_t last = 0;;) {
            const auto page = tx.messages().after((*found)->id, last, 1'000);
            if (!page)
                return pass(page.error());
            if (page->empty())
                return {};
            for (const Message& message : *page) {
                if (message.seq != ++last)
                    run.fault(fmt::format("room {}: {} where {} belongs", room, message.seq, last));
                last = message.seq;
                out.push_back(message.body);
            }
        }
    });
    if (!read)
        run.fault("the database cannot be read: " + read.error().message);
    return out;
}

void compare(
    Run& run, ContentDatabase& content, const std::vector<Person>& people, KillReport& report
) {
    for (std::size_t room = 0; room < run.plan.rooms; ++room) {
        const std::vector<std::string> stored = stored_bodies(run, content, room);
        report.stored += stored.size();
        if (std::set<std::string>(stored.begin(), stored.end()).size() != stored.size())
            run.fault(fmt::format("room {}: a message is there twice", room));
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (people[i].seen()[room] != stored)
                run.fault(fmt::format(
                    "user {} saw {} messages of room {}, {} are stored",
                    i,
                    people[i].seen()[room].size(),
                    room,
                    stored.size()
                ));
            for (const Sent& sent : people[i].acknowledged()) {
                const auto place = static_cast<std::size_t>(sent.seq) - 1;
                if (sent.room == room &&
                    (place >= stored.size() || stored[place] != "body of " + sent.key))
                    run.fault(fmt::format(
                        "{} was acknowledged as {} of room {}, which it is not",
                        sent.key,
                        sent.seq,
                        room
                    ));
            }
        }
    }
    for (const Person& person : people) {
        report.acknowledged += person.acknowledged().size();
        report.sent_again += person.sent_again();
        report.sessions += person.sessions();
    }
    if (report.acknowledged != report.stored)
        run.fault(
            fmt::format("{} were acknowledged, {} are stored", report.acknowledged, report.stored)
        );
}

}  // namespace

KillReport kill_under_load(
    PrivateServer& server, ContentDatabase& content, const World& world, const KillPlan& plan
) {
    Run run{world, plan, server.port()};
    for (std::size_t room = 0; room < plan.rooms; ++room)
        run.room_of.emplace(world.room_uuids[room], room);
    std::vector<Person> people;
    people.reserve(plan.clients);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < plan.clients; ++i)
        people.emplace_back(run, i);
    for (Person& person : people)
        threads.emplace_back([&person] { person.live(); });
    std::mt19937 random{plan.seed};
    for (int kill = 0; kill < plan.kills; ++kill) {
        {
            std::unique_lock lock{run.mutex};
            const std::size_t wanted = run.acknowledged + 1 + random() % 200;
            if (!run.progress.wait_for(lock, 60s, [&] { return run.acknowledged >= wanted; })) {
                run.fault(fmt::format("nothing goes on after {} kills", kill));
                break;
            }
        }
        server.kill9();
        server.start();
    }
    run.sending = false;
    for (std::thread& thread : threads)
        thread.join();
    for (Person& person : people)
        person.catch_up();
    KillReport out;
    compare(run, content, people, out);
    run.faults.with([&](auto& list) { out.faults = std::move(list); });
    return out;
}

}  // namespace pchat::test
