// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/service/chat.h"
#include "server/service/roll.h"
#include "server/service/touched.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace pchat {

/// Keeps true what this server knows of who is where by way of the others: reads what a living
/// server has written down, and follows it from there by what its log tells. For one thread that
/// may wait.
class PresenceReader {
public:
    explicit PresenceReader(ServerId self) : self_(self) {}

    /// Entries of a log in their order.
    void heard(ServerId server, const PresenceNews& news);
    void called(const Roll& roll);
    /// Entries are missing.
    void lost();
    /// Puts it into force; what could not be done is done by the next one.
    Result<void> act(Chat& chat);

private:
    struct Counted {
        std::int64_t epoch = 0;
        bool complete = false;  // no: has to be read again
    };
    Result<void> load(Chat& chat, const Server& server);

    ServerId self_;
    std::vector<Server> living_;  // without ourselves
    bool called_ = false;         // `living_` is new
    std::map<ServerId, Counted> counted_;
    std::vector<std::pair<ServerId, PresenceNews>> news_;
};

}  // namespace pchat
