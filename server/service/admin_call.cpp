// SPDX-License-Identifier: Apache-2.0
#include "server/service/admin_call.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {

tl::unexpected<Error> not_allowed(std::string message, std::string hint) {
    return fail_as("not-allowed", Errc::denied, std::move(message), std::move(hint));
}

tl::unexpected<Error> changed_meanwhile(std::string_view object) {
    return fail_as(
        "changed-meanwhile",
        Errc::conflict,
        fmt::format("{} was changed by somebody else meanwhile", object),
        "read it again and repeat the change",
        "If-Match"
    );
}

Result<void> check_revision(const AdminCall& call, std::int64_t revision, std::string_view object) {
    if (call.revision && *call.revision != revision)
        return changed_meanwhile(object);
    return {};
}

Result<void> unless_changed(Result<void> updated, std::string_view object) {
    if (!updated && updated.error().code == Errc::conflict)
        return changed_meanwhile(object);
    return updated;
}

}  // namespace pchat
