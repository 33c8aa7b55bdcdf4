// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/id.h"
#include "server/domain/principal.h"
#include "server/domain/room.h"

#include <cstdint>
#include <span>
#include <vector>

namespace pchat {

/// What one user may do in one room.
enum class Right : std::uint16_t {
    view = 1,             // knows that the room exists, sees its settings
    join = 2,             // gets what is said from now on
    chat = 4,             // posts
    history = 8,          // reads and searches what was said before
    upload = 16,          // posts files
    invitation = 32,      // is told of the room when it becomes open to the user
    manage = 64,          // changes its settings and lists, disables it
    administration = 128  // enables, moves, clears and removes it
};

/// A set of rights; fits a register, so that the hot path can keep one for each joined session.
class Rights {
public:
    constexpr Rights() = default;
    constexpr Rights(Right right) : bits_(static_cast<std::uint16_t>(right)) {}

    [[nodiscard]] constexpr bool has(Right right) const {
        return (bits_ & static_cast<std::uint16_t>(right)) != 0;
    }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
    [[nodiscard]] constexpr std::uint16_t bits() const { return bits_; }

    constexpr Rights& operator|=(Rights other) {
        bits_ = static_cast<std::uint16_t>(bits_ | other.bits_);
        return *this;
    }
    friend constexpr Rights operator|(Rights a, Rights b) { return a |= b; }
    friend constexpr bool operator==(Rights, Rights) = default;

private:
    std::uint16_t bits_ = 0;
};

constexpr Rights operator|(Right a, Right b) {
    return Rights{a} | Rights{b};
}

/// Principals in ascending order, each once. Borrowed: it must outlive the call only.
using SortedPrincipals = std::span<const PrincipalId>;

/// Who asks.
struct AccessUser {
    PrincipalState state = PrincipalState::active;
    bool policy_enabled = false;     // by the effective policy
    bool administers_rooms = false;  // pchat-admin or administrator
    SortedPrincipals affiliations;   // the user and everything above it, `everyone` included
};

/// The category of the room asked about.
struct AccessCategory {
    bool invitations = false;
    bool file_upload = false;
    bool history = true;
    SortedPrincipals allowed;
    SortedPrincipals denied;
};

/// The room asked about; one that was removed is not asked about.
struct AccessRoom {
    RoomType type = RoomType::normal;
    RoomPrivacy privacy = RoomPrivacy::closed;
    bool invitations = true;
    bool disabled = false;
    SortedPrincipals members;
    SortedPrincipals managers;
    SortedPrincipals presenters;
};

/// The one place that decides what a user may do in a room; every path asks it. No allocation, no
/// I/O; costs what it takes to find the user in up to five lists.
Rights access(const AccessUser& user, const AccessCategory& category, const AccessRoom& room);

/// A question that the decision asks, in the order it asks them. One that can no longer change
/// anything is not asked.
enum class AccessRule : std::uint8_t {
    user_active,           // no: neither disabled nor gone may do anything
    administrator,         // sees and manages every room, reads and posts in none
    policy_enabled,        // no: nothing but administration
    allowed_in_category,   // with entries
    denied_in_category,    // with entries; wins over allowed
    manager,               // with entries
    room_enabled,          // no: managers and administrators still see and manage it
    visible_to_scope,      // no: secret, seen by its members and managers
    open_to_scope,         // no: joined by members
    member,                // with entries
    everyone_posts,        // no: an auditorium, where presenters post
    presenter,             // with entries
    history_kept,          // by the category
    file_upload_on,        // by the category
    category_invitations,  // no: its rooms cannot have them either
    room_invitations,
};

/// One question with its answer.
struct AccessStep {
    AccessRule rule{};
    bool holds = false;
    std::vector<PrincipalId> entries;  // of the list asked about: all that stand for the user
    Rights gives;
};

/// A decision with its reasons. The rights are those that the steps give.
struct AccessDerivation {
    Rights rights;
    std::vector<AccessStep> steps;
};

/// What access() decides, and why.
AccessDerivation explain_access(
    const AccessUser& user, const AccessCategory& category, const AccessRoom& room
);

}  // namespace pchat
