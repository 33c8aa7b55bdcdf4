// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/chat.h"
#include "tests/support/memory/content_database.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::test {

/// Stands still until it is told.
class StillClock : public Clock {
public:
    [[nodiscard]] Microseconds now() const override { return now_; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point{std::chrono::microseconds{now_}};
    }
    void pass(std::chrono::microseconds time) { now_ += time.count(); }

private:
    std::atomic<Microseconds> now_{1'800'000'000'000'000};
};

/// Keeps what listeners would have heard.
class RecordingAudience : public Audience {
public:
    struct Changed {
        RoomId room;
        std::int64_t rev = 0;
        std::vector<Message> messages;
    };
    struct Cleared {
        RoomId room;
        std::int64_t rev = 0;
        std::int64_t first = 0;
    };

    void committed(std::span<const Committed> messages, const LogNews& /*entry*/) override {
        committed_count += messages.size();
    }
    void said_elsewhere(RoomId room, std::int64_t /*after*/, std::vector<Message> messages)
        override {
        for (const Message& message : messages)
            foreign.push_back(message.body);
        foreign_rooms.push_back(room);
    }
    void heard(RoomId room, std::vector<Remembered> messages) override {
        for (const Remembered& one : messages)
            quick.push_back(*one.text);
        foreign_rooms.push_back(room);
    }
    void heard(std::vector<Told> list) override {
        told.insert(told.end(), list.begin(), list.end());
    }
    void changed(RoomId room, std::int64_t rev, const std::vector<Message>& messages) override {
        changes.push_back({room, rev, messages});
    }
    void cleared(RoomId room, std::int64_t rev, std::int64_t first) override {
        clears.push_back({room, rev, first});
    }
    void invited(const std::vector<Invitation>& list) override {
        invitations.insert(invitations.end(), list.begin(), list.end());
    }
    void obey(const Touched& what) override { touched.push_back(what); }
    void timed(std::chrono::nanoseconds /*took*/, std::size_t /*messages*/) override {}
    void fenced() override {}

    std::atomic<std::size_t> committed_count{0};
    std::vector<std::string> foreign;  // bodies
    std::vector<std::string> quick;    // as they are remembered
    std::vector<Told> told;
    std::vector<RoomId> foreign_rooms;
    std::vector<Changed> changes;
    std::vector<Cleared> clears;
    std::vector<Invitation> invitations;
    std::vector<Touched> touched;
};

struct CategoryScope {
    std::vector<PrincipalId> allowed = {};
    std::vector<PrincipalId> denied = {};
    std::vector<PrincipalId> creators = {};
    bool invitations = true;
    bool history = true;
};

struct RoomLists {
    std::vector<PrincipalId> members = {};
    std::vector<PrincipalId> managers = {};
    std::vector<PrincipalId> presenters = {};
    RoomPrivacy privacy = RoomPrivacy::closed;
    RoomType type = RoomType::normal;
};

/// Begins a life of a server in the registry.
Life enrolled(ContentDatabase& content, ServerId id, const std::string& fqdn);

/// A whole chat service in memory, without a network: one server with compliance on, chat allowed
/// for everybody, the category `General` that everybody may use, and the administrator
/// sip:admin@contoso.example. Names of users are given without the domain.
class ChatWorld {
public:
    /// `audience`: another one than the recording one; lives longer than this. `stored`: an empty
    /// database with its schema, instead of memory.
    explicit ChatWorld(
        Audience* audience = nullptr, std::unique_ptr<ContentDatabase> stored = nullptr
    );

    /// Finds it or makes it, and puts it into the groups.
    PrincipalId user(const std::string& name, const std::vector<PrincipalId>& groups = {});
    PrincipalId group(const std::string& name, const std::vector<PrincipalId>& groups = {});
    [[nodiscard]] PrincipalId everyone() const;
    void grant(PrincipalId principal, AdminRole role);
    void set_state(PrincipalId principal, PrincipalState state);

    CategoryId category(const std::string& name, const CategoryScope& scope);
    /// Written past the rules, to have something that they must mend.
    RoomId room(const std::string& name, const std::string& category, const RoomLists& lists = {});

    /// What the named user asks, with its own roles.
    AdminCall as(const std::string& name);
    /// Waits until it is stored; its number.
    std::int64_t post(PrincipalId sender, RoomId room, const std::string& body);

    // What memory has; the test fails when there is none.
    KnownRoom room_now(const std::string& name);
    KnownCategory category_now(const std::string& name);
    [[nodiscard]] bool has_room(const std::string& name) const;
    std::vector<AuditEntry> audit();
    std::vector<OutboxEntry> outbox();
    /// Does `work` in a transaction that must succeed.
    void write(const ContentWork& work);

    StillClock clock;
    std::unique_ptr<ContentDatabase> content;
    Directory directory;
    /// What the book remembers of a message.
    std::function<std::string(const Message&)> encode = [](const Message& message) {
        return message.body;
    };
    RoomBook book;
    Workers workers;
    RecordingAudience heard;
    std::unique_ptr<Chat> chat;
    std::unique_ptr<Changes> changes;

private:
    PrincipalId principal(
        PrincipalKind kind, const std::string& name, const std::vector<PrincipalId>& groups
    );
    std::int64_t take(IdKind kind);
    void reload();
};

/// "sip:ann@contoso.example"
std::string sip(const std::string& name);

}  // namespace pchat::test
