// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <string>
#include <vector>

namespace pchat {

/// A session of somebody who has signed in.
struct OpenSession {
    std::string uuid;
    PrincipalId user;
    TokenId token;
    std::string address;
    Microseconds connected_at = 0;
};

/// The sessions of this server, for whoever tells the other servers of them.
class OpenSessions {
public:
    virtual ~OpenSessions() = default;
    /// From here on, who connects and disconnects is noted.
    virtual void note_sessions(bool on) = 0;
    struct Turn {
        OpenSession session;
        bool open = false;
    };
    /// In the order in which it happened.
    virtual std::vector<Turn> take_noted() = 0;
    /// Waits.
    virtual std::vector<OpenSession> all_open() = 0;
};

}  // namespace pchat
