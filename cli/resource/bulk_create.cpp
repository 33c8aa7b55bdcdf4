// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/bulk_create.h"

#include "cli/resource/bulk_journal.h"
#include "cli/resource/bulk_run.h"
#include "cli/resource/resource_text.h"
#include "cli/ui/output.h"
#include "cli/ui/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using Clients = std::vector<std::unique_ptr<ApiClient>>;

constexpr std::size_t most_clients = 4;
constexpr std::size_t worth_a_client = 16;  // items

/// Shows what comes of each item, and says at the end what is true now.
class BulkReport {
public:
    BulkReport(Context& ctx, const Resource& resource, const ItemFile& file)
        : ctx_(ctx), resource_(resource), file_(file),
          progress_(ctx, resource.plural, file.items.size(), std::chrono::steady_clock::now()),
          whole_(ctx.global.output == "json" || ctx.global.output == "yaml"),
          documents_(whole_ ? file.items.size() : 0) {}

    void take_earlier(const BulkJournal& journal) {
        for (std::size_t i = 0; i < file_.items.size(); ++i) {
            made_ += journal.state(i) == ItemState::made ? 1U : 0U;
            existed_ += journal.state(i) == ItemState::existed ? 1U : 0U;
        }
        earlier_ = made_ + existed_;
    }
    void show(BulkResult result);
    void tick() { progress_.show(made_ + existed_ + failed_, std::chrono::steady_clock::now()); }
    Result<void> end(const BulkEnd& end, const BulkJournal* journal);

private:
    [[nodiscard]] std::string place(std::size_t item) const {
        return fmt::format("{}:{}", file_.name, file_.items[item].line);
    }
    [[nodiscard]] std::string sum() const;

    Context& ctx_;
    const Resource& resource_;
    const ItemFile& file_;
    Progress progress_;
    bool whole_;  // what the server has of each is shown, all at the end
    std::vector<std::optional<Json>> documents_;
    std::string last_hint_;
    std::size_t made_ = 0;
    std::size_t existed_ = 0;
    std::size_t failed_ = 0;
    std::size_t earlier_ = 0;  // made or there, by a run before
};

void BulkReport::show(BulkResult result) {
    progress_.hide();
    const std::string name = name_in(resource_, file_.items[result.item].item);
    switch (result.state) {
    case ItemState::made:
        ++made_;
        if (!whole_)
            show_change(ctx_, resource_, result.document, name, "created");
        break;
    case ItemState::existed:
        ++existed_;
        ctx_.note(fmt::format("{}/{}: no changes", resource_.noun, name));
        break;
    case ItemState::failed:
        ++failed_;
        ctx_.err << fmt::format("{}: {}: {}\n", place(result.item), name, result.why.message);
        if (!result.why.hint.empty() &&
            std::exchange(last_hint_, result.why.hint) != result.why.hint)
            ctx_.err << fmt::format("  hint: {}\n", result.why.hint);
        return;
    case ItemState::untouched:
    case ItemState::asked:
        return;
    }
    if (whole_)
        documents_[result.item] = std::move(result.document);
}

/// "1980 rooms created, 12 existed, 8 failed"
std::string BulkReport::sum() const {
    std::string out = fmt::format(
        "{} {}{} created",
        made_,
        made_ == 1 ? resource_.noun : resource_.plural,
        ctx_.global.dry_run ? " would be" : ""
    );
    if (existed_ > 0)
        out += fmt::format(", {} existed", existed_);
    if (failed_ > 0)
        out += fmt::format(", {} failed", failed_);
    if (earlier_ > 0)
        out += fmt::format("; {} of them by an earlier run", earlier_);
    return out;
}

Result<void> BulkReport::end(const BulkEnd& end, const BulkJournal* journal) {
    progress_.hide();
    if (whole_) {
        Json list = Json::array();
        for (std::optional<Json>& one : documents_)
            if (one)
                list.push_back(std::move(*one));
        print_document(ctx_, list, "");
    }
    ctx_.note(fmt::format("{}: {}", file_.name, sum()));
    const std::size_t all = file_.items.size();
    const std::size_t left = all - made_ - existed_ - failed_;
    std::string again = "run the same command again: it goes on from there";
    if (journal == nullptr)
        again = "run it again with --if-not-exists: what was made is taken as it is";
    if (end.problem) {
        Error why = *end.problem;
        if (end.item)
            why.context.push_back(place(*end.item));
        why.hint += fmt::format("{}{}", why.hint.empty() ? "" : "; then ", again);
        return pass(std::move(why));
    }
    if (end.interrupted)
        return fail(
            Errc::interrupted, fmt::format("interrupted: {} of {} are left", left, all), again
        );
    if (failed_ > 0)
        return fail_as(
            "items-failed",
            Errc::invalid,
            fmt::format(
                "{} of {} {} were not created{}",
                failed_ + left,
                all,
                resource_.plural,
                left > 0 ? fmt::format(", {} of them not tried", left) : ""
            ),
            "mend these lines and run it again with --if-not-exists"
        );
    return {};
}

Result<Clients> open_clients(
    Context& ctx, const ServerFlags& server, const Resource& resource, std::size_t items
) {
    Clients out;
    const std::size_t most = resource.in_order ? 1 : most_clients;
    const std::size_t count = std::clamp<std::size_t>(items / worth_a_client, 1, most);
    while (out.size() < count) {
        Result<std::unique_ptr<ApiClient>> client = connect(ctx, server);
        if (!client)
            return pass(std::move(client).error());
        out.push_back(std::move(*client));
    }
    return out;
}

/// None for standard input, for a trial, and where none can be written unless it was asked for.
Result<std::optional<BulkJournal>> open_journal(
    Context& ctx,
    const Resource& resource,
    const ServerFlags& flags,
    const ItemFile& file,
    const BulkOptions& options
) {
    const bool chosen = !options.journal.empty();
    if (ctx.global.dry_run || (!chosen && options.file == "-"))
        return std::optional<BulkJournal>{};
    const Result<ServerChoice> server = choose_server(ctx, flags);
    if (!server)
        return pass(server.error());
    Result<BulkJournal> journal = BulkJournal::open(
        chosen ? options.journal : options.file + ".journal",
        {resource.noun + " create", server->endpoint.url.text(), file.sha256, file.items.size()}
    );
    if (journal)
        return std::optional{std::move(*journal)};
    if (chosen || journal.error().code != Errc::io)
        return pass(std::move(journal).error());
    ctx.note(fmt::format(
        "warning: {}; if this run is interrupted, the next one begins anew", journal.error().message
    ));
    return std::optional<BulkJournal>{};
}

}  // namespace

Result<void> create_all(
    Context& ctx,
    const Resource& resource,
    const ServerFlags& server,
    const ItemFile& file,
    const BulkOptions& options
) {
    Result<Clients> clients = open_clients(ctx, server, resource, file.items.size());
    if (!clients)
        return pass(std::move(clients).error());
    Result<std::optional<BulkJournal>> opened = open_journal(ctx, resource, server, file, options);
    if (!opened)
        return pass(std::move(opened).error());
    BulkJournal* journal = *opened ? &**opened : nullptr;
    BulkReport report{ctx, resource, file};
    if (journal != nullptr)
        report.take_earlier(*journal);
    BulkRun run{resource, file.items, options, dry_run_query(ctx), journal};
    const BulkEnd end = run.run(
        *clients, [&](BulkResult result) { report.show(std::move(result)); }, [&] { report.tick(); }
    );
    ctx.out << std::flush;
    // What failed wants another file, which is none of this journal's business.
    if (journal != nullptr && !end.problem && !end.interrupted)
        if (Result<void> gone = journal->remove(); !gone)
            ctx.note("warning: " + gone.error().message);
    return report.end(end, journal);
}

}  // namespace pchat::cli
