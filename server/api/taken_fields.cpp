// SPDX-License-Identifier: Apache-2.0
#include "server/api/taken_fields.h"

#include "server/api/admin_request.h"
#include "server/wire/json_text.h"

namespace pchat::api {

Result<Force> force_of(const Call& call) {
    const auto force = flag_of(call, "force");
    if (!force)
        return pass(force.error());
    return force->value_or(false) ? Force::yes : Force::no;
}

void write_taken(wire::FieldWriter& out, const std::vector<TakenAway>& taken) {
    if (taken.empty())
        return;
    out.list("taken", taken, [](std::string& text, const TakenAway& one) {
        text += '{';
        wire::FieldWriter entry{text};
        entry.text("kind", one.kind).text("name", one.name);
        if (!one.id.empty())
            entry.text("id", one.id).text("list", one.list);
        text += '}';
    });
}

}  // namespace pchat::api
