// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/router.h"
#include "server/service/admin_call.h"
#include "server/service/principal_lookup.h"
#include "server/wire/object_reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::wire {
class FieldWriter;
}

namespace pchat::api {

// What requests about categories, rooms and users have in common.

/// A body may list this many principals of a kind.
constexpr std::size_t most_listed = 10'000;
constexpr std::size_t largest_admin_body = std::size_t{2} * 1024 * 1024;

/// If-Match and ?dry_run=true included.
Result<AdminCall> admin_call(const Call& call);

/// One object with its revision as ETag.
net::HttpResponse object_response(int status, std::string body, std::int64_t revision);

/// The fields `name`, `add_<name>` and `remove_<name>`; the three names are literals.
ListChange read_list(
    wire::ObjectReader& in,
    std::string_view name,
    std::string_view add_name,
    std::string_view remove_name
);
void write_list(
    wire::FieldWriter& out,
    std::string_view name,
    const DirectoryState& state,
    const std::vector<PrincipalId>& list
);
/// "paths": chains of groups. Nothing is written when there is none.
void write_paths(wire::FieldWriter& out, const std::vector<std::vector<std::string>>& paths);
/// Nothing is written when nothing was purged.
void write_purged(wire::FieldWriter& out, const std::vector<Purged>& purged);

/// ?name=true or false; none when it is not there.
Result<std::optional<bool>> flag_of(const Call& call, std::string_view name);
/// ?name=word, as the index of the word.
Result<std::optional<std::size_t>> choice_of(
    const Call& call, std::string_view name, const std::vector<std::string_view>& words
);
std::string text_of(const Call& call, std::string_view name);
/// ?name=2026-11-21T08:00:00Z; the name is a literal.
Result<std::optional<Microseconds>> time_of(const Call& call, std::string_view name);

}  // namespace pchat::api
