// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"

namespace pchat::test {

/// Hands everything on, but for what a derived one has of its own.
class PassingTransaction : public ContentTransaction {
public:
    explicit PassingTransaction(ContentTransaction& inner) : inner_(inner) {}

    RegistryStore& registry() override { return inner_.registry(); }
    LogStore& log() override { return inner_.log(); }
    TopologyStore& topologies() override { return inner_.topologies(); }
    AuditStore& audit() override { return inner_.audit(); }
    ConfigStore& config() override { return inner_.config(); }
    PolicyStore& policies() override { return inner_.policies(); }
    PrincipalStore& principals() override { return inner_.principals(); }
    AccountStore& accounts() override { return inner_.accounts(); }
    CategoryStore& categories() override { return inner_.categories(); }
    AddinStore& addins() override { return inner_.addins(); }
    RoomStore& rooms() override { return inner_.rooms(); }
    InvitationStore& invitations() override { return inner_.invitations(); }
    MessageStore& messages() override { return inner_.messages(); }
    MarkStore& marks() override { return inner_.marks(); }
    FileStore& files() override { return inner_.files(); }
    TokenStore& tokens() override { return inner_.tokens(); }
    PresenceStore& presence() override { return inner_.presence(); }
    SearchStore& search() override { return inner_.search(); }
    WallStore& walls() override { return inner_.walls(); }
    PurgeStore& purges() override { return inner_.purges(); }
    EndpointStore& endpoints() override { return inner_.endpoints(); }

private:
    ContentTransaction& inner_;
};

}  // namespace pchat::test
