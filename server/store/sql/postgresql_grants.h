// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/database.h"
#include "server/store/sql/provision.h"
#include "server/store/sql/quote.h"

#include <string>
#include <string_view>
#include <vector>

// Who may do what in a PostgreSQL database, as steps and as a look at what is granted already.
namespace pchat::sql::postgresql {

inline constexpr Engine pg = Engine::postgresql;

inline std::string name(std::string_view text) {
    return quoted_name(pg, text);
}

inline std::string text(std::string_view value) {
    return quoted_text(pg, value);
}

// One query with one row of numbers or texts.
template <class T>
T ask(Session& session, const std::string& query) {
    T out{};
    session.raw() << query, soci::into(out);
    return out;
}

inline int count(Session& session, const std::string& query) {
    return ask<int>(session, query);
}

/// The logins that need any grant, by name.
std::vector<std::string> users_to_grant(const Wanted& wanted);

/// Only the logins of the topology may connect.
ProvisionStep connect_step(const Wanted& wanted);

/// The schema `public` belongs to the owner and is closed to others.
ProvisionStep schema_step(const Wanted& wanted, bool wrong_owner);
bool schema_is_right(Session& session, const Wanted& wanted, bool new_logins, bool& wrong_owner);

/// Adds the grants that run and reader lack; all of them with `again`.
void add_grants(
    std::vector<ProvisionStep>& steps, Session* session, const Wanted& wanted, bool again
);

}  // namespace pchat::sql::postgresql
