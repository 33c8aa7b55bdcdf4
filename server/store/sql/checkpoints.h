// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <memory>

namespace pchat::sql {

/// Folds SQLite's write-ahead log into its file while others go on writing. Left to SQLite, the
/// commit that makes the log too long does it, and whoever waits for that commit waits for it all.
/// Each time costs two syncs of the disk, and a commit that meets them waits for them, too: it is
/// done when there is much to fold in, most of it pages that were written many times.
class Checkpoints {
public:
    /// The target's sessions leave it to this from here on.
    explicit Checkpoints(Target& target);
    ~Checkpoints();
    Checkpoints(const Checkpoints&) = delete;
    Checkpoints& operator=(const Checkpoints&) = delete;

    /// Gives the log its length on the disk before anybody waits for it: a sync of a file that has
    /// become longer writes the file system's journal, too, and takes several times as long.
    Result<void> make_room();
    /// A long log, as far as can be done without keeping anybody waiting; called by a clock.
    Result<void> fold();

    /// What is written next, into memory; called by a clock. The log's frames are not as long as
    /// the disk's pages, so a page of a log that has its length is read before it is written, and
    /// those that nobody has used since the last turn may have left the memory: whoever commits
    /// would wait for five to ten of them.
    void read_ahead();

    static constexpr std::int64_t ahead = std::int64_t{1} * 1024 * 1024;  // bytes
    static constexpr int long_journal = 4'096;                            // pages; 16 MB

private:
    struct Link;
    Result<void> open();

    std::string file_;
    std::shared_ptr<Journal> journal_;
    std::unique_ptr<Link> link_;  // none before the first time, and after an error
};

}  // namespace pchat::sql
