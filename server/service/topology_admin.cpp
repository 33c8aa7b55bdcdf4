// SPDX-License-Identifier: Apache-2.0
#include "server/service/topology_admin.h"

#include "base/sha256.h"
#include "base/time_text.h"
#include "base/unicode.h"
#include "base/written_secrets.h"
#include "server/service/audit_text.h"
#include "server/service/fetch.h"
#include "topology/parse.h"
#include "topology/transition.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t shown_findings = 3;  // of those in one message; pchatctl shows all
constexpr std::size_t most_lines = 500;    // of changes and of warnings in one answer

tl::unexpected<Error> version_not_found(std::optional<std::int64_t> version) {
    if (!version)
        return fail_as(
            "topology-not-found",
            Errc::not_found,
            "no topology is published",
            "publish one: pchatctl topology publish FILE"
        );
    return fail_as(
        "topology-not-found",
        Errc::not_found,
        fmt::format("the topology has no version {}", *version),
        "list versions: pchatctl topology history",
        "version"
    );
}

topology::Date day_of(Microseconds at) {
    return topology::parse_date(time_text(at).substr(0, 10)).value_or(topology::Date{});
}

int line_of(const topology::Parsed& parsed, std::uint32_t offset) {
    return parsed.document.source->position(offset).line;
}

std::string line_of(const topology::Parsed& parsed, const Diagnostic& finding) {
    return fmt::format(
        "{} in line {}: {}",
        finding.rule,
        line_of(parsed, finding.at.begin),
        printable(finding.message)
    );
}

/// The findings that do not let it through, in one message.
tl::unexpected<Error> refused(
    std::string_view reason,
    std::string_view what,
    const topology::Parsed& parsed,
    const std::vector<Diagnostic>& findings
) {
    std::string lines;
    std::size_t count = 0;
    for (const Diagnostic& finding : findings)
        if (finding.severity == Severity::error && ++count <= shown_findings)
            lines += fmt::format("{}{}", lines.empty() ? "" : "; ", line_of(parsed, finding));
    return fail_as(
        reason,
        Errc::invalid,
        fmt::format(
            "{} {} error{}: {}{}",
            what,
            count,
            count == 1 ? "" : "s",
            lines,
            count > shown_findings ? "; and more" : ""
        ),
        "see them all: pchatctl topology validate FILE; why: pchatctl topology explain RULE",
        "document"
    );
}

Result<std::string> checked_comment(const std::string& comment) {
    if (const std::size_t size = count_code_points(comment); size > longest_comment)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("the comment has {} characters", size),
            fmt::format("at most {}", longest_comment),
            "comment"
        );
    if (printable(comment) != comment)
        return fail_as(
            "bad-value",
            Errc::invalid,
            "the comment holds characters that nobody sees",
            "write it in one line",
            "comment"
        );
    return comment;
}

/// A document that is good by itself.
struct Good {
    topology::Parsed parsed;
    std::vector<Diagnostic> findings;
};

Result<Good> judged(const std::string& text, topology::Date today) {
    if (text.size() > largest_topology)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("the topology has {} bytes", text.size()),
            fmt::format("at most {}", largest_topology),
            "document"
        );
    Good out{topology::parse("topology", text), {}};
    out.findings = topology::judge(out.parsed, {.today = today});
    if (tally(out.findings).errors > 0)
        return refused("topology-invalid", "the topology has", out.parsed, out.findings);
    // After the rules, which know better which fields hold secrets: this goes by letters alone, and
    // versions are kept for ever.
    if (const std::vector<Span> secrets = written_secrets(text); !secrets.empty())
        return fail_as(
            "secret-in-topology",
            Errc::invalid,
            fmt::format(
                "line {} of the topology seems to hold a secret in place",
                line_of(out.parsed, secrets.front().begin)
            ),
            "write where it is instead: env:NAME or file:PATH",
            "document"
        );
    return out;
}

/// Whether the document has the pool, under that name or another one.
bool keeps_pool(const topology::Parsed& document, std::string_view fqdn) {
    const std::vector<topology::Pool>& pools = document.model.spec.pools.items;
    const std::string name = fold_case(fqdn);
    return std::any_of(pools.begin(), pools.end(), [&](const topology::Pool& one) {
        return fold_case(*one.fqdn) == name || fold_case(*one.renamed_from) == name;
    });
}

/// Of the pool that goes from the topology, and whose database this is.
Result<void> check_empty(Change& change, const std::string& pool) {
    const auto rooms = change.tx().rooms().page({}, 1);
    if (!rooms)
        return pass(rooms.error());
    if (rooms->empty())
        return {};
    return fail_as(
        "pool-not-empty",
        Errc::conflict,
        fmt::format("pool '{}' still has rooms, such as '{}'", pool, rooms->front().name),
        "remove its rooms first, or say what it is called now: renamedFrom",
        "document"
    );
}

/// The way from what is published to the new document; whether the pool goes by it.
Result<bool> compare(
    const std::optional<TopologyVersion>& now,
    Good& next,
    topology::Date today,
    const std::string& pool,
    TopologyChange& out
) {
    bool goes = false;
    if (now) {
        const topology::Parsed before = topology::parse("published", now->document);
        goes = keeps_pool(before, pool) && !keeps_pool(next.parsed, pool);
        topology::Transition way = topology::compare(before, next.parsed, {.today = today});
        if (tally(way.findings).errors > 0)
            return refused(
                "topology-way-closed",
                fmt::format("from version {} there is no way to it:", now->version),
                next.parsed,
                way.findings
            );
        topology::drop_superseded(way, next.findings);
        std::move(way.findings.begin(), way.findings.end(), std::back_inserter(next.findings));
        for (const topology::Change& change : way.changes)
            if (out.changes.size() < most_lines)
                out.changes.push_back(fmt::format(
                    "{} {}{}{}",
                    "+~-"[static_cast<std::size_t>(change.kind)],
                    change.subject,
                    change.detail.empty() ? "" : ": ",
                    change.detail
                ));
    }
    for (const Diagnostic& finding : next.findings)
        if (!finding.accepted && out.warnings.size() < most_lines)
            out.warnings.push_back(line_of(next.parsed, finding));
    return goes;
}

std::string audit_of(const TopologyVersion& version) {
    AuditText text;
    text.number("version", 0, version.version);
    text.text("sha256", {}, version.sha256);
    if (!version.comment.empty())
        text.text("comment", {}, version.comment);
    return text.after();
}

Result<std::optional<TopologyVersion>> latest(ContentDatabase& content) {
    return fetch(content, "reading the topology", [&](ContentTransaction& tx) {
        return tx.topologies().latest();
    });
}

/// Nobody has published since the way was judged.
Result<void> still_latest(Change& change, std::int64_t before) {
    const auto now = change.tx().topologies().list(1);
    if (!now)
        return pass(now.error());
    if ((now->empty() ? 0 : now->front().version) != before)
        return changed_meanwhile("the topology");
    return {};
}

Result<std::string> text_of(Changes& changes, const TopologyWish& wish) {
    if (wish.document.has_value() == wish.version.has_value())
        return fail_as(
            "bad-request",
            Errc::usage,
            "a document is published, or the text of an older version",
            "send one of the fields document and version",
            "document"
        );
    if (wish.document)
        return *wish.document;
    Result<TopologyVersion> older = get_topology(changes.chat().content(), wish.version);
    if (!older)
        return pass(std::move(older).error());
    return std::move(older->document);
}

}  // namespace

Result<TopologyChange> publish_topology(
    Changes& changes, const AdminCall& call, const TopologyWish& wish
) {
    Result<std::string> text = text_of(changes, wish);
    if (!text)
        return pass(std::move(text).error());
    Result<std::string> comment = checked_comment(wish.comment);
    if (!comment)
        return pass(std::move(comment).error());
    const topology::Date today = day_of(changes.chat().clock().now());
    Result<Good> next = judged(*text, today);
    if (!next)
        return pass(std::move(next).error());
    const Result<std::optional<TopologyVersion>> now = latest(changes.chat().content());
    if (!now)
        return pass(now.error());
    TopologyChange out;
    out.before = *now ? (*now)->version : 0;
    if (Result<void> same = check_revision(call, out.before, "the topology"); !same)
        return pass(std::move(same).error());
    if (*now && (*now)->document == *text) {
        out.version = **now;
        return out;
    }
    const std::string& pool = changes.chat().facts().pool;
    const Result<bool> goes = compare(*now, *next, today, pool, out);
    if (!goes)
        return pass(goes.error());
    out.made = true;
    TopologyVersion& version = out.version;
    version.version = out.before + 1;
    version.document = std::move(*text);
    version.sha256 = sha256_hex(version.document);
    version.published_by = call.actor.name;
    version.comment = std::move(*comment);
    Result<void> done = changes.run(
        "publishing the topology",
        call.actor,
        [&](Change& change) -> Result<void> {
            if (Result<void> still = still_latest(change, out.before); !still)
                return still;
            if (Result<void> empty = *goes ? check_empty(change, pool) : Result<void>{}; !empty)
                return empty;
            version.published_at = change.now();
            if (Result<void> kept = change.tx().topologies().publish(version); !kept)
                return unless_changed(std::move(kept), "the topology");
            change.audit(
                wish.version ? "topology.rollback" : "topology.publish",
                audit_object_topology,
                version.version,
                fmt::format("version {}", version.version),
                *now ? audit_of(**now) : std::string{},
                audit_of(version)
            );
            change.touched.topology = true;
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    if (call.dry_run)
        version.published_at = 0;  // it was not
    return out;
}

Result<TopologyVersion> get_topology(
    ContentDatabase& content, std::optional<std::int64_t> version
) {
    auto out = fetch(content, "reading the topology", [&](ContentTransaction& tx) {
        return version ? tx.topologies().find(*version) : tx.topologies().latest();
    });
    if (!out)
        return pass(std::move(out).error());
    if (!*out)
        return version_not_found(version);
    return std::move(**out);
}

Result<std::vector<TopologyVersion>> list_topologies(ContentDatabase& content, int limit) {
    return fetch(content, "listing the topologies", [&](ContentTransaction& tx) {
        return tx.topologies().list(limit);
    });
}

}  // namespace pchat
