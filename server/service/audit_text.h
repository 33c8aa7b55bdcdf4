// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/principal_lookup.h"
#include "server/service/taken_away.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a change does to an object, as the audit log and compliance keep it: only fields that
/// differ, as they were and as they are. Of lists, `before` has the entries that went and `after`
/// those that came: lists of thousands change by one.
class AuditText {
public:
    /// None: the object did not exist, or does not any more.
    void text(
        std::string_view name,
        std::optional<std::string_view> before,
        std::optional<std::string_view> after
    );
    void flag(std::string_view name, std::optional<bool> before, std::optional<bool> after);
    Result<void> list(
        std::string_view name,
        PrincipalLookup& lookup,
        const std::vector<PrincipalId>& before,
        const std::vector<PrincipalId>& after
    );
    void number(std::string_view name, std::int64_t before, std::int64_t after);

    /// What went with it, as it was: nothing names it any more.
    void taken(const std::vector<TakenAway>& list);

    [[nodiscard]] bool empty() const { return before_.empty() && after_.empty(); }
    /// JSON objects; empty texts when there is nothing.
    [[nodiscard]] std::string before() const;
    [[nodiscard]] std::string after() const;
    /// {"before":{...},"after":{...}}
    [[nodiscard]] std::string both() const;

private:
    std::string before_;  // fields, without the braces
    std::string after_;
};

struct RoomNames {  // of what a room names by number
    std::string category;
    std::string addin;
};
Result<AuditText> audit_text(
    PrincipalLookup& lookup,
    const KnownRoom* before,
    const RoomNames& before_names,
    const KnownRoom* after,
    const RoomNames& after_names
);
Result<AuditText> audit_text(
    PrincipalLookup& lookup, const KnownCategory* before, const KnownCategory* after
);

}  // namespace pchat
