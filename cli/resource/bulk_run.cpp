// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/bulk_run.h"

#include "cli/client/stop_signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace pchat::cli {
namespace {

constexpr int look_every = 50;  // milliseconds
constexpr int exit_of_a_second_signal = 130;
// The server fails at one item again and again, and would at each run; at many it is the server.
constexpr int broken_for_all = 5;

/// What the next item would meet as well.
bool concerns_all(Errc code) {
    switch (code) {
    case Errc::signed_out:
    case Errc::too_many:
    case Errc::unreachable:
    case Errc::timeout:
    case Errc::interrupted:
    case Errc::unknown_outcome:
    case Errc::io:
        return true;
    default:
        return false;
    }
}

bool signal_came(const StopSignals& signals) {
    pollfd waiting{signals.descriptor(), POLLIN, 0};
    signalfd_siginfo taken{};
    return ::poll(&waiting, 1, look_every) > 0 &&
           ::read(signals.descriptor(), &taken, sizeof taken) > 0;
}

}  // namespace

void BulkRun::stop(Shared& shared, Error problem, std::optional<std::size_t> item) {
    shared.stopping = true;
    if (shared.end.problem)
        return;  // the first one is the reason
    shared.end.problem = std::move(problem);
    shared.end.item = item;
}

std::optional<BulkRun::Task> BulkRun::take() {
    return shared_.with([&](Shared& shared) -> std::optional<Task> {
        while (!shared.stopping && shared.next < items_.size()) {
            Task out{shared.next++, false};
            if (shared.journal == nullptr)
                return out;
            const ItemState before = shared.journal->state(out.item);
            if (before == ItemState::made || before == ItemState::existed)
                continue;
            out.was_asked = before == ItemState::asked;
            // Before it is sent: whoever goes on must know that it may have been done.
            if (Result<void> put = shared.journal->put(out.item, ItemState::asked); !put) {
                stop(shared, std::move(put).error(), {});
                return std::nullopt;
            }
            return out;
        }
        return std::nullopt;
    });
}

void BulkRun::finish(std::size_t item, Result<Created> outcome) {
    BulkResult result{.item = item};
    if (!outcome)
        result.why = std::move(outcome).error();
    shared_.with([&](Shared& shared) {
        const bool broke = !outcome && result.why.code == Errc::internal;
        shared.broken = broke ? shared.broken + 1 : 0;
        if (!outcome && (concerns_all(result.why.code) || shared.broken >= broken_for_all))
            return stop(shared, std::move(result.why), item);
        if (outcome) {
            result.state = outcome->existed ? ItemState::existed : ItemState::made;
            result.document = std::move(outcome->item);
        }
        if (result.state == ItemState::failed && options_.stop_on_error)
            shared.stopping = true;
        if (shared.journal != nullptr)
            if (Result<void> put = shared.journal->put(item, result.state); !put)
                stop(shared, std::move(put).error(), {});
        shared.results.push_back(std::move(result));
    });
}

void BulkRun::work(ApiClient& client) {
    while (const std::optional<Task> task = take()) {
        const IfExists if_exists = task->was_asked ? IfExists::take : options_.if_exists;
        finish(
            task->item, create_item(client, resource_, items_[task->item].item, if_exists, query_)
        );
    }
}

BulkEnd BulkRun::run(
    const std::vector<std::unique_ptr<ApiClient>>& clients,
    const std::function<void(BulkResult)>& show,
    const std::function<void()>& tick
) {
    const StopSignals signals;  // before the threads, which inherit what is held back
    std::atomic<std::size_t> working{clients.size()};
    std::vector<std::jthread> threads;
    for (const std::unique_ptr<ApiClient>& client : clients)
        threads.emplace_back([&, worker = client.get()] {
            work(*worker);
            --working;
        });
    const auto show_all = [&] {
        auto results =
            shared_.with([](Shared& shared) { return std::exchange(shared.results, {}); });
        for (BulkResult& result : results)
            show(std::move(result));
        tick();
    };
    while (working > 0) {
        if (signal_came(signals))
            shared_.with([](Shared& shared) {
                if (shared.end.interrupted)
                    std::_Exit(exit_of_a_second_signal);
                shared.end.interrupted = shared.stopping = true;
            });
        show_all();
    }
    threads.clear();
    show_all();
    return shared_.with([&](Shared& shared) {
        shared.end.complete = shared.next >= items_.size() && !shared.end.problem;
        shared.end.interrupted = shared.end.interrupted && !shared.end.complete;
        return std::move(shared.end);
    });
}

}  // namespace pchat::cli
