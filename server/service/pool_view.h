// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/domain/deployment.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Who belongs to the pool and takes users, as the registry told last. Answers from memory, on any
/// thread; until the registry was read this server is alone, and active.
class PoolView {
public:
    explicit PoolView(ServerId self) : self_(self) {}

    /// The rows of the registry and the database's clock when they were read. What is older than
    /// what is known already is passed over.
    void take(const std::vector<Server>& servers, Microseconds now);

    [[nodiscard]] ServerState own_state() const;
    /// Of the other servers that live.
    [[nodiscard]] std::int64_t sessions_elsewhere() const;
    /// Those of them that stay there. Of a server that drains or stands by all are asked to go:
    /// where they come to, they are counted.
    [[nodiscard]] std::int64_t staying_elsewhere() const;
    /// An active server of the pool is lost, rather than stopped: its people come to the others.
    [[nodiscard]] bool misses_a_server() const;
    /// The database's clock at the last look; 0: there was none.
    [[nodiscard]] Microseconds now() const;

    /// Where somebody who is to leave goes: URLs of the active servers that live and have room, in
    /// an order drawn anew each time, the emptier the likelier first, so that clients who try them
    /// in order spread evenly. `own` comes last: it may be better than nothing.
    [[nodiscard]] std::vector<std::string> elsewhere(std::string_view own) const;
    /// Where somebody may go who is welcome here: the same, with `own` among them.
    [[nodiscard]] std::vector<std::string> everywhere(std::string_view own) const;

private:
    struct Member {
        bool is_self = false;
        std::int64_t room = 0;  // of a thousand places, how many are free
        std::vector<std::string> urls;
    };
    struct Seen {
        ServerState own = ServerState::active;
        std::int64_t sessions_elsewhere = 0;
        std::int64_t staying_elsewhere = 0;
        bool misses_a_server = false;
        Microseconds now = 0;
        std::vector<Member> open;  // active, living and with room
    };
    /// What a server said of its addresses, and what of it is one.
    struct Read {
        std::string text;
        std::vector<std::string> urls;
    };

    std::vector<std::string> urls_of(const Server& server);

    const ServerId self_;
    Guarded<std::map<ServerId, Read>> read_;
    Guarded<Seen> seen_;
};

/// JSON list of URLs as the registry keeps them; what is no http or https URL is left out.
/// `complete` becomes false when something was.
std::vector<std::string> read_addresses(std::string_view text, bool& complete);
std::string write_addresses(const std::vector<std::string>& urls);

}  // namespace pchat
