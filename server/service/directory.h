// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/access.h"
#include "server/domain/policy.h"
#include "server/domain/principal.h"
#include "server/domain/room.h"
#include "server/domain/wall.h"
#include "server/service/published_topology.h"
#include "server/service/touched.h"
#include "server/store/content_database.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pchat {

struct TokenScope;

/// What is kept in memory of a principal.
struct KnownPrincipal {
    PrincipalId id;
    PrincipalKind kind = PrincipalKind::user;
    PrincipalState state = PrincipalState::active;
    std::uint8_t roles = 0;  // bits of AdminRole, as granted to it itself
    std::string uuid;
    std::string name;  // without the prefix
    std::string name_key;
    std::string display;
    std::string site;
    std::vector<PrincipalId> parents;  // direct

    /// As it is written: sip:user@domain, group:NAME ...
    [[nodiscard]] std::string written() const;
};

struct KnownCategory {
    Category category;
    std::string name_key;
    std::vector<PrincipalId> allowed;  // each ascending
    std::vector<PrincipalId> denied;
    std::vector<PrincipalId> creators;
};

struct KnownRoom {
    Room room;
    std::string name_key;
    std::vector<PrincipalId> members;  // each ascending
    std::vector<PrincipalId> managers;
    std::vector<PrincipalId> presenters;
};

struct KnownWall {
    Wall wall;
    std::vector<PrincipalId> a;  // each ascending
    std::vector<PrincipalId> b;
};

/// What access() wants to know of them.
AccessCategory facts(const KnownCategory& known);
AccessRoom facts(const KnownRoom& known);

/// A user as access() wants it: with everything above it and what follows from policies.
struct Person {
    PrincipalId id;
    PrincipalState state = PrincipalState::gone;
    bool policy_enabled = false;
    std::uint8_t roles = 0;                        // of all affiliations
    std::shared_ptr<const TokenScope> scope = {};  // of the token that asks; none: not bound
    std::vector<PrincipalId> affiliations;

    [[nodiscard]] bool has(AdminRole role) const;
    [[nodiscard]] AccessUser access_user() const;
};

/// access() on what is kept together here, within the scope of the token; also for a room as a
/// change would leave it.
Rights rights_in(const Person& person, const KnownCategory& category, const KnownRoom& room);

/// Settings of the chat service that administrators change while it runs.
struct ChatConfig {
    int history = 30;  // messages sent at join
    int file_kb = 20'000;
    int participants = 75;  // above, rosters are counts
    std::string room_management_url;
};

/// Whose policies and settings count here.
struct Home {
    std::string site;  // of the pool, and of users that name none
    std::string pool;
};

/// All that decides who may do what, in memory. Readers see one state between two changes.
class DirectoryState {
public:
    explicit DirectoryState(Home home) : set_(std::move(home)), home_(set_) {}

    [[nodiscard]] const KnownPrincipal* principal(PrincipalId id) const;
    [[nodiscard]] const KnownPrincipal* principal_named(
        PrincipalKind kind, std::string_view name_key
    ) const;
    /// Users whose address has this part before the @, folded.
    [[nodiscard]] std::vector<PrincipalId> users_called(std::string_view local_part) const;
    [[nodiscard]] const KnownCategory* category(CategoryId id) const;
    [[nodiscard]] const KnownRoom* room(RoomId id) const;
    /// By uuid when it has the shape of one, else by name.
    [[nodiscard]] const KnownRoom* find_room(std::string_view text) const;
    [[nodiscard]] const KnownCategory* find_category(std::string_view text) const;
    [[nodiscard]] const Addin* addin(AddinId id) const;

    [[nodiscard]] Person person(PrincipalId id) const;
    [[nodiscard]] Rights rights(const Person& person, const KnownRoom& room) const;
    [[nodiscard]] AccessDerivation explain(const Person& person, const KnownRoom& room) const;
    [[nodiscard]] const ChatConfig& config() const { return config_; }
    [[nodiscard]] const std::vector<Policy>& policies() const { return policies_; }
    [[nodiscard]] const std::unordered_map<PrincipalId, PolicyId>& grants() const {
        return grants_;
    }
    /// What the administrator of the machine has set, and what the topology adds to it.
    [[nodiscard]] const Home& home() const { return home_; }
    [[nodiscard]] const Home& home_as_set() const { return set_; }
    [[nodiscard]] const PublishedTopology& topology() const { return topology_; }
    [[nodiscard]] const std::vector<KnownWall>& walls() const { return walls_; }
    /// 0: nobody has been named by it yet.
    [[nodiscard]] PrincipalId everyone() const { return {everyone_}; }

    void each_room(const std::function<void(const KnownRoom&)>& visit) const;
    void each_category(const std::function<void(const KnownCategory&)>& visit) const;
    void each_principal(const std::function<void(const KnownPrincipal&)>& visit) const;
    [[nodiscard]] std::size_t room_count() const { return rooms_.size(); }

private:
    friend class DirectoryLoader;

    Home set_;
    Home home_;
    PublishedTopology topology_;
    std::unordered_map<PrincipalId, KnownPrincipal> principals_;
    std::unordered_map<CategoryId, KnownCategory> categories_;
    std::unordered_map<RoomId, KnownRoom> rooms_;
    std::unordered_map<AddinId, Addin> addins_;
    // By name_key behind the kind's digit; rooms and categories by name_key or uuid.
    std::unordered_map<std::string, PrincipalId> principal_names_;
    std::unordered_map<std::string, RoomId> room_names_;
    std::unordered_map<std::string, CategoryId> category_names_;
    std::unordered_multimap<std::string, PrincipalId> local_parts_;
    std::vector<Policy> policies_;
    std::unordered_map<PrincipalId, PolicyId> grants_;
    std::vector<KnownWall> walls_;
    ChatConfig config_;
    std::int64_t everyone_ = 0;
};

/// Guards the state. A change raises the generation, so that a decision can be told to be stale.
class Directory {
public:
    explicit Directory(Home home) : state_(std::move(home)) {}

    template <class F>
    auto read(F&& use) const {
        const std::shared_lock lock{mutex_};
        return use(static_cast<const DirectoryState&>(state_));
    }

    /// Reads everything; what was there before is gone.
    Result<void> load(ContentDatabase& content);
    /// Reads again what was touched. After it returns, every reader sees the change.
    Result<void> refresh(ContentDatabase& content, const Touched& touched);

    [[nodiscard]] std::uint64_t generation() const { return generation_.load(); }
    /// Raised by what changes who people are, or which walls stand between them; not by rooms and
    /// categories.
    [[nodiscard]] std::uint64_t people_generation() const { return people_generation_.load(); }

private:
    mutable std::shared_mutex mutex_;
    std::mutex changing_;  // one refresh at a time, so that an older read never lands on a newer
    DirectoryState state_;
    std::atomic<std::uint64_t> generation_{1};
    std::atomic<std::uint64_t> people_generation_{1};
};

}  // namespace pchat
