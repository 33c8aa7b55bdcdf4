// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/principal_name.h"
#include "server/service/audit_text.h"
#include "server/service/user_admin.h"

#include <optional>
#include <string>
#include <string_view>

namespace pchat {

// What a user is made of, for whoever creates or changes one.

Result<void> put_user_texts(Principal& user, const UserFields& fields);
/// What came and went, for the audit log; null: there was none, or will be none.
AuditText user_difference(const UserFacts* before, const UserFacts* after);
/// Argon2id takes its time: before the transaction, not in it.
Result<std::optional<std::string>> password_hash_of(const std::optional<Secret>& password);
Result<PrincipalName> user_name(std::string_view text);

}  // namespace pchat
