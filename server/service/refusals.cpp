// SPDX-License-Identifier: Apache-2.0
#include "server/service/refusals.h"

#include "base/log.h"

namespace pchat {

void note_refusal(
    Changes& changes, SignIns& sign_ins, const Actor& actor, TokenId by, const Refusal& refusal
) {
    if (!sign_ins.worth_an_entry(by))
        return;
    const Result<void> noted =
        changes.run("noting a refusal", actor, [&](Change& change) -> Result<void> {
            change.audit_refusal(
                std::string{refusal.action}, audit_object_token, by.value, refusal.name, refusal.why
            );
            return {};
        });
    if (!noted)
        log::warning("a refusal is missing in the audit log: {}", noted.error().message);
}

}  // namespace pchat
