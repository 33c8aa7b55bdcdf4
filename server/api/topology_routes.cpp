// SPDX-License-Identifier: Apache-2.0
// The topology as published, its versions, and publishing.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/service/topology_admin.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::api {
namespace {

// Every byte of a document may need six in JSON; those of real ones need one.
constexpr std::size_t largest_body = 2 * largest_topology;
constexpr int most_versions = 10'000;

std::string version_fields(const TopologyVersion& version) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.number("version", version.version);
    if (version.published_at != 0)  // not of what would be published
        fields.time("published_at", version.published_at);
    fields.text("published_by", version.published_by)
        .text("comment", version.comment)
        .text("sha256", version.sha256);
    return out;
}

/// A whole number from 1 on.
Result<std::int64_t> version_number(const std::string& text, std::string_view field) {
    std::int64_t out = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size() || out < 1)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{} must be a number from 1 on", field),
            "list versions: pchatctl topology history",
            field
        );
    return out;
}

Result<net::HttpResponse> get_published(Call& call) {
    std::optional<std::int64_t> wanted;
    if (const std::string text = text_of(call, "version"); !text.empty()) {
        const Result<std::int64_t> number = version_number(text, "version");
        if (!number)
            return pass(number.error());
        wanted = *number;
    }
    const Result<TopologyVersion> found = get_topology(call.services.chat.content(), wanted);
    if (!found)
        return pass(found.error());
    std::string body = "{";
    wire::FieldWriter{body}.fields(version_fields(*found)).text("document", found->document);
    return object_response(200, body + "}", found->version);
}

/// Newest first; the cursor is the last version of the page before.
Result<net::HttpResponse> get_versions(Call& call) {
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    auto versions = list_topologies(call.services.chat.content(), most_versions);
    if (!versions)
        return pass(std::move(versions).error());
    if (const auto cursor = call.cursor()) {
        const Result<std::int64_t> last = version_number(*cursor, "cursor");
        if (!last)
            return pass(last.error());
        std::erase_if(*versions, [&](const TopologyVersion& one) { return one.version >= *last; });
    }
    const bool more = versions->size() > static_cast<std::size_t>(*limit);
    if (more)
        versions->resize(static_cast<std::size_t>(*limit));
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("versions", *versions, [](std::string& out, const TopologyVersion& one) {
        out += "{" + version_fields(one) + "}";
    });
    if (more)
        fields.text("cursor", fmt::format("{}", versions->back().version));
    return json_response(200, body + "}");
}

Result<net::HttpResponse> post_topology(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    TopologyWish wish;
    if (const auto text = in.optional_text("document", {0, largest_topology + 1}))
        wish.document = std::string{*text};
    wish.version = in.optional_int("version", {1});
    if (const auto comment = in.optional_text("comment", {0, 4096}))
        wish.comment = std::string{*comment};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<TopologyChange> done = publish_topology(call.services.changes, *asked, wish);
    if (!done)
        return pass(done.error());
    std::string body = "{";
    wire::FieldWriter{body}
        .fields(version_fields(done->version))
        .number("before", done->before)
        .boolean("published", done->made)
        .texts("changes", done->changes)
        .texts("warnings", done->warnings);
    return object_response(
        done->made && !asked->dry_run ? 201 : 200, body + "}", done->version.version
    );
}

}  // namespace

void add_topology_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/topology", Gate::viewer, get_published});
    table.push_back({"POST", "/v1/topology", Gate::deploy_admin, post_topology, largest_body});
    table.push_back({"GET", "/v1/topology/versions", Gate::viewer, get_versions});
}

}  // namespace pchat::api
