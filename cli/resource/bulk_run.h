// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "cli/client/api_client.h"
#include "cli/resource/bulk_create.h"
#include "cli/resource/bulk_journal.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {

/// What came of one item.
struct BulkResult {
    std::size_t item = 0;
    ItemState state = ItemState::failed;
    nlohmann::ordered_json document = nullptr;  // as the server has it
    Error why = {};                             // of a failed one
};

/// How a run ended.
struct BulkEnd {
    bool complete = false;  // each item was seen to
    bool interrupted = false;
    std::optional<Error> problem = {};     // of all, not of one item: the server is away
    std::optional<std::size_t> item = {};  // that met it
};

/// Creates items, one thread for each client. Ctrl-C lets requests that are under way end; a
/// second one ends the program.
class BulkRun {
public:
    using Query = std::vector<std::pair<std::string, std::string>>;

    /// `journal` may be null. All live longer than this.
    BulkRun(
        const Resource& resource,
        const std::vector<ImportRow>& items,
        const BulkOptions& options,
        Query query,
        BulkJournal* journal
    )
        : resource_(resource), items_(items), options_(options), query_(std::move(query)),
          shared_(Shared{journal, {}, 0, 0, false, {}}) {}

    /// Both are called by this thread only; `tick` several times a second.
    BulkEnd run(
        const std::vector<std::unique_ptr<ApiClient>>& clients,
        const std::function<void(BulkResult)>& show,
        const std::function<void()>& tick
    );

private:
    struct Shared {
        BulkJournal* journal = nullptr;
        std::deque<BulkResult> results;
        std::size_t next = 0;
        int broken = 0;  // items in a row that the server failed at
        bool stopping = false;
        BulkEnd end;
    };
    /// An item to do, and whether a run before this one may have done it.
    struct Task {
        std::size_t item = 0;
        bool was_asked = false;
    };

    void work(ApiClient& client);
    std::optional<Task> take();
    void finish(std::size_t item, Result<Created> outcome);
    static void stop(Shared& shared, Error problem, std::optional<std::size_t> item);

    const Resource& resource_;
    const std::vector<ImportRow>& items_;
    const BulkOptions& options_;
    Query query_;
    Guarded<Shared> shared_;
};

}  // namespace pchat::cli
