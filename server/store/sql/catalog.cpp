// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/archive.h"
#include "server/store/sql/categories.h"
#include "server/store/sql/endpoints.h"
#include "server/store/sql/invitations.h"
#include "server/store/sql/logs.h"
#include "server/store/sql/marks.h"
#include "server/store/sql/message_heads.h"
#include "server/store/sql/messages.h"
#include "server/store/sql/object_names.h"
#include "server/store/sql/policies.h"
#include "server/store/sql/presence.h"
#include "server/store/sql/principals.h"
#include "server/store/sql/purges.h"
#include "server/store/sql/records.h"
#include "server/store/sql/registry.h"
#include "server/store/sql/rooms.h"
#include "server/store/sql/search.h"
#include "server/store/sql/statement.h"
#include "server/store/sql/walls.h"

namespace pchat::sql {

const Catalog& catalog() {
    static const Catalog whole = [] {
        Catalog out;
        for (const Catalog& part :
             {archive_catalog(),
              hold_catalog(),
              category_catalog(),
              endpoint_catalog(),
              invitation_catalog(),
              log_catalog(),
              mark_catalog(),
              message_catalog(),
              message_head_catalog(),
              object_name_catalog(),
              policy_catalog(),
              presence_catalog(),
              principal_catalog(),
              purge_catalog(),
              record_catalog(),
              registry_catalog(),
              room_catalog(),
              search_catalog(),
              wall_catalog()}) {
            out.tables.insert(out.tables.end(), part.tables.begin(), part.tables.end());
            out.statements.insert(
                out.statements.end(), part.statements.begin(), part.statements.end()
            );
        }
        return out;
    }();
    return whole;
}

}  // namespace pchat::sql
