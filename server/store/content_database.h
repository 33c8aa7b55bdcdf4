// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/deployment_store.h"
#include "server/store/endpoint_store.h"
#include "server/store/message_store.h"
#include "server/store/policy_store.h"
#include "server/store/presence_store.h"
#include "server/store/principal_store.h"
#include "server/store/purge_store.h"
#include "server/store/room_store.h"
#include "server/store/search_store.h"
#include "server/store/wall_store.h"

#include <functional>
#include <string_view>

namespace pchat {

/// The stores of the content database within one transaction: all see and change the same state.
/// Lives as long as the function it is handed to.
class ContentTransaction {
public:
    virtual ~ContentTransaction() = default;
    virtual RegistryStore& registry() = 0;
    virtual LogStore& log() = 0;
    virtual TopologyStore& topologies() = 0;
    virtual AuditStore& audit() = 0;
    virtual ConfigStore& config() = 0;
    virtual PolicyStore& policies() = 0;
    virtual PrincipalStore& principals() = 0;
    virtual AccountStore& accounts() = 0;
    virtual CategoryStore& categories() = 0;
    virtual AddinStore& addins() = 0;
    virtual RoomStore& rooms() = 0;
    virtual InvitationStore& invitations() = 0;
    virtual MessageStore& messages() = 0;
    virtual MarkStore& marks() = 0;
    virtual FileStore& files() = 0;
    virtual TokenStore& tokens() = 0;
    virtual PresenceStore& presence() = 0;
    virtual SearchStore& search() = 0;
    virtual WallStore& walls() = 0;
    virtual PurgeStore& purges() = 0;
    virtual EndpointStore& endpoints() = 0;
};

using ContentWork = std::function<Result<void>(ContentTransaction&)>;

/// The content database as a whole. Safe to use from many threads.
///
/// `work` runs in one transaction, which is committed only when it succeeds and rolled back
/// whatever else happens. An error that a store reports is handed on: what the database refused
/// costs the transaction even when work swallows the error, and nothing after it is done. A victim
/// of a deadlock runs again, so work has no effects elsewhere that a second run would repeat.
/// `doing` is for the error text: "creating the room".
class ContentDatabase {
public:
    virtual ~ContentDatabase() = default;
    virtual Result<void> read(std::string_view doing, const ContentWork& work) = 0;
    virtual Result<void> write(std::string_view doing, const ContentWork& work) = 0;
    /// As write, of what can be made again from the rest, like the search index. Nobody waits for
    /// the disk where a crash that takes the last of it takes every server, too: they look at what
    /// is there when they start. Those of a database elsewhere would go on with what they remember.
    virtual Result<void> write_derived(std::string_view doing, const ContentWork& work) {
        return write(doing, work);
    }
    /// Whether what was read from it may still be shown to people: not once it has been silent for
    /// too long.
    [[nodiscard]] virtual Result<void> in_sight() const { return {}; }
};

}  // namespace pchat
