// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/durability.h"

#include "server/store/sql/quote.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

// Where a setting of this session comes from, so that the way out fits.
std::string way_out(const Target& target, std::string_view setting, std::string_view source) {
    if (source == "database")
        return fmt::format(
            "alter database {} reset {}", quoted_name(target.engine, target.database), setting
        );
    if (source == "user" || source == "database user")
        return fmt::format(
            "alter role {} {}reset {}",
            quoted_name(target.engine, target.login.user),
            source == "user"
                ? ""
                : fmt::format("in database {} ", quoted_name(target.engine, target.database)),
            setting
        );
    if (source == "command line")
        return fmt::format("start the server without {}=off", setting);
    return fmt::format("set {} = on in postgresql.conf and reload", setting);
}

}  // namespace

Result<void> check_durability(Session& session) {
    if (session.engine() != Engine::postgresql)
        return {};
    return session.guarded("looking whether it forgets", [&]() -> Result<void> {
        for (const std::string_view setting : {"fsync", "synchronous_commit"}) {
            std::string value;
            std::string source;
            session.raw() << fmt::format(
                "select cast(setting as text), cast(source as text) from pg_catalog.pg_settings "
                "where name = '{}'",
                setting
            ),
                soci::into(value), soci::into(source);
            if (value == "off")
                return fail(
                    Errc::invalid,
                    fmt::format(
                        "{} is off for {}: a crash of the server loses messages that were "
                        "confirmed",
                        setting,
                        session.target().describe()
                    ),
                    way_out(session.target(), setting, source)
                );
        }
        return {};
    });
}

}  // namespace pchat::sql
