// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/failure.h"

#include "base/unicode.h"
#include "server/store/sql/connect_failure.h"
#include "server/store/sql/connection_string.h"

#include <fmt/format.h>
#include <soci/odbc/soci-odbc.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <exception>

namespace pchat::sql {
namespace {

constexpr NativeCode missing_driver{
    Engine::postgresql,
    "01000",
    Errc::not_found,
    false,
    false,
    "the ODBC driver is not installed",
    "list them: odbcinst -q -d; Debian has odbc-postgresql and tdsodbc"};

Failure make(
    const Target& target, std::string_view doing, const NativeCode* known, std::string_view said
) {
    Failure out;
    const std::string_view why = known != nullptr ? known->meaning : said;
    out.error.code = known != nullptr ? known->errc : Errc::internal;
    out.error.message =
        fmt::format("{} failed on {}: {}", doing, target.describe(), printable(why));
    if (known != nullptr) {
        out.error.hint = std::string{known->hint};
        out.transient = known->transient;
        out.lost = known->lost;
        out.error.context.push_back(printable(said));
    }
    return out;
}

Failure missing_driver_failure(
    const Target& target, std::string_view doing, std::string_view said
) {
    Failure out = make(target, doing, &missing_driver, said);
    out.error.message += fmt::format(": {}", printable(driver_of(target)));
    return out;
}

}  // namespace

Failure current_failure(const Target& target, std::string_view doing) {
    try {
        throw;
    } catch (const soci::odbc_soci_error& error) {
        const std::string said = error.get_error_message();
        std::string state{reinterpret_cast<const char*>(error.odbc_error_code())};
        if (state == "01000" && said.find("Can't open lib") != std::string::npos)
            return missing_driver_failure(target, doing, said);
        if (target.engine == Engine::postgresql && state == "08001")
            state = state_of_refusal(said);
        if (target.engine == Engine::postgresql && tells_of_loss(state, said))
            state = "08006";
        const NativeCode* known =
            target.engine == Engine::postgresql && state == "08001"
                ? find_connect_failure(said)
                : find_native_code(
                      target.engine, state, static_cast<int>(error.native_error_code())
                  );
        Failure out = make(target, doing, known, said);
        out.duplicate =
            means_duplicate(target.engine, state, static_cast<int>(error.native_error_code()));
        out.state = std::move(state);
        return out;
    } catch (const soci::sqlite3_soci_error& error) {
        // Extended codes carry the primary one in their low byte.
        const int code = error.result() & 0xFF;
        const NativeCode* known = find_native_code(Engine::sqlite, "", error.result());
        if (known == nullptr)
            known = find_native_code(Engine::sqlite, "", code);
        Failure out = make(target, doing, known, error.get_error_message());
        out.duplicate = means_duplicate(Engine::sqlite, "", error.result());
        out.state = std::to_string(code);
        return out;
    } catch (const LostRace& error) {
        Failure out = make(target, doing, nullptr, error.what());
        out.error.code = Errc::conflict;
        out.transient = true;
        return out;
    } catch (const soci::soci_error& error) {
        return make(target, doing, nullptr, error.get_error_message());
    } catch (const std::exception& error) {
        return make(target, doing, nullptr, error.what());
    }
}

}  // namespace pchat::sql
