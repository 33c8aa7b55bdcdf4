// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/content_database.h"

#include "tests/support/memory/database.h"
#include "tests/support/memory/endpoints.h"
#include "tests/support/memory/marks.h"
#include "tests/support/memory/messages.h"
#include "tests/support/memory/policies.h"
#include "tests/support/memory/presence.h"
#include "tests/support/memory/principals.h"
#include "tests/support/memory/records.h"
#include "tests/support/memory/registry.h"
#include "tests/support/memory/rooms.h"
#include "tests/support/memory/search.h"
#include "tests/support/memory/state.h"
#include "tests/support/memory/walls.h"

namespace pchat::test {
namespace {

class MemoryTransaction : public ContentTransaction {
public:
    explicit MemoryTransaction(MemoryState& state)
        : registry_(state), log_(state), topologies_(state), audit_(state), config_(state),
          policies_(state), principals_(state), accounts_(state), categories_(state),
          addins_(state), rooms_(state), invitations_(state), messages_(state), marks_(state),
          files_(state), tokens_(state), presence_(state), search_(state), walls_(state),
          purges_(state), endpoints_(state) {}

    RegistryStore& registry() override { return registry_; }
    LogStore& log() override { return log_; }
    TopologyStore& topologies() override { return topologies_; }
    AuditStore& audit() override { return audit_; }
    ConfigStore& config() override { return config_; }
    PolicyStore& policies() override { return policies_; }
    PrincipalStore& principals() override { return principals_; }
    AccountStore& accounts() override { return accounts_; }
    CategoryStore& categories() override { return categories_; }
    AddinStore& addins() override { return addins_; }
    RoomStore& rooms() override { return rooms_; }
    InvitationStore& invitations() override { return invitations_; }
    MessageStore& messages() override { return messages_; }
    MarkStore& marks() override { return marks_; }
    FileStore& files() override { return files_; }
    TokenStore& tokens() override { return tokens_; }
    PresenceStore& presence() override { return presence_; }
    SearchStore& search() override { return search_; }
    WallStore& walls() override { return walls_; }
    PurgeStore& purges() override { return purges_; }
    EndpointStore& endpoints() override { return endpoints_; }

private:
    MemoryRegistryStore registry_;
    MemoryLogStore log_;
    MemoryTopologyStore topologies_;
    MemoryAuditStore audit_;
    MemoryConfigStore config_;
    MemoryPolicyStore policies_;
    MemoryPrincipalStore principals_;
    MemoryAccountStore accounts_;
    MemoryCategoryStore categories_;
    MemoryAddinStore addins_;
    MemoryRoomStore rooms_;
    MemoryInvitationStore invitations_;
    MemoryMessageStore messages_;
    MemoryMarkStore marks_;
    MemoryFileStore files_;
    MemoryTokenStore tokens_;
    MemoryPresenceStore presence_;
    MemorySearchStore search_;
    MemoryWallStore walls_;
    MemoryPurgeStore purges_;
    MemoryEndpointStore endpoints_;
};

}  // namespace

std::unique_ptr<ContentDatabase> memory_content() {
    return std::make_unique<
        MemoryDatabase<ContentDatabase, MemoryTransaction, MemoryState, ContentWork>>();
}

}  // namespace pchat::test
