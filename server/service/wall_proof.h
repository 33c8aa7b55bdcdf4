// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/wall.h"
#include "server/service/wall_view.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace pchat {

/// Who is on the two sides of a wall now.
struct WallCrowd {
    std::vector<Person> a;
    std::vector<Person> b;
};

/// A room that lets in both sides, with one of each; the same one when somebody is on both.
struct WallBreach {
    RoomId id;
    std::string room;  // uuid
    std::string room_name;
    PrincipalId a;
    PrincipalId b;
};

/// One crowd for each wall.
std::vector<WallCrowd> crowds_of(const WallView& view, std::span<const KnownWall> walls);

/// Asks room after room whether it lets in both sides. Borrows what it is given.
class WallProof {
public:
    WallProof(const WallView& view, const WallCrowd& crowd);

    std::optional<WallBreach> look(const KnownRoom& room);
    /// All rooms: the breach whose room comes first by name.
    std::optional<WallBreach> look_at_all();
    [[nodiscard]] std::size_t rooms() const { return rooms_; }

private:
    struct Sides {
        WallSide a;
        WallSide b;
    };
    Sides& sides_in(const KnownCategory& category);

    const WallView& view_;
    const WallCrowd& crowd_;
    std::unordered_map<CategoryId, Sides> categories_;
    std::size_t rooms_ = 0;
};

/// "sip:ann@contoso.example" of whoever memory or the change knows.
std::string written(const WallView& view, PrincipalId id);

}  // namespace pchat
