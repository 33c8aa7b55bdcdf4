// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/search_postings.h"
#include "server/store/search_store.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace pchat {

/// What one call may cost. When it is spent, nothing more is found.
struct SearchBudget {
    int blocks = 0;
    [[nodiscard]] bool spent() const { return blocks < 0; }
};

/// Occurrences in some order of search, from the latest to the oldest.
class SearchWalk {
public:
    virtual ~SearchWalk() = default;
    /// The latest that is no later than `bound`. Bounds never rise from call to call.
    virtual Result<std::optional<Occurrence>> latest(const Occurrence& bound) = 0;
};
using SearchWalks = std::vector<std::unique_ptr<SearchWalk>>;

/// Where one word occurs; reads a block at a time.
class WordWalk : public SearchWalk {
public:
    WordWalk(SearchStore& store, WordKey word, SearchBudget& budget)
        : store_(store), word_(word), budget_(budget) {}
    Result<std::optional<Occurrence>> latest(const Occurrence& bound) override;

private:
    Result<bool> read_block(Microseconds at);

    SearchStore& store_;
    WordKey word_;
    SearchBudget& budget_;
    bool begun_ = false;
    bool ended_ = false;
    Microseconds from_at_ = 0;
    std::vector<Occurrence> block_;
};

/// What occurs in one of them at least.
class AnyWalk : public SearchWalk {
public:
    explicit AnyWalk(SearchWalks walks) : walks_(std::move(walks)) {}
    Result<std::optional<Occurrence>> latest(const Occurrence& bound) override;

private:
    SearchWalks walks_;
};

/// What occurs in all of them, by leaps: each tells how far the others may skip.
class AllWalk : public SearchWalk {
public:
    AllWalk(SearchWalks walks, const SearchBudget& budget)
        : walks_(std::move(walks)), budget_(budget) {}
    Result<std::optional<Occurrence>> latest(const Occurrence& bound) override;
    /// When the budget was spent: nothing was missed that is later than this.
    [[nodiscard]] const Occurrence& reached() const { return reached_; }

private:
    SearchWalks walks_;
    const SearchBudget& budget_;
    Occurrence reached_;
};

}  // namespace pchat
