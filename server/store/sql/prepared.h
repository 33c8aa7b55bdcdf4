// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/cell.h"
#include "server/store/sql/session.h"
#include "server/store/sql/statement.h"

#include <vector>

namespace pchat::sql {

/// A statement that a session keeps prepared, with the cells it is bound to. Throws what SOCI
/// throws.
class Prepared {
public:
    Prepared(
        Session& session, const Rendered& rendered, std::vector<Cell> in, std::vector<Cell> out
    );
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    Prepared(Prepared&&) = delete;
    Prepared& operator=(Prepared&&) = delete;
    ~Prepared() = default;

    /// The values of the next run; the types stay.
    std::vector<Cell>& in() { return in_; }
    /// The row at hand.
    std::vector<Cell>& out() { return out_; }

    /// Whether there is a row. Rows must be read to the end, or the statement thrown away.
    bool execute();
    bool next();
    /// Must not run again: SOCI would lose the buffers of the run that ended early.
    [[nodiscard]] bool spent() const { return spent_; }
    std::int64_t affected() { return statement_.get_affected_rows(); }

private:
    bool execute_unless_empty();
    void mark_nulls();
    [[nodiscard]] bool over_odbc() const { return engine_ != Engine::sqlite; }
    /// The row at hand, column by column.
    void fetch_cells();

    Session& session_;
    bool spent_ = false;
    Engine engine_;
    std::vector<bool> words_;
    std::vector<Cell> in_;
    std::vector<Cell> out_;
    std::vector<soci::indicator> in_known_;
    std::vector<soci::indicator> out_known_;
    soci::statement statement_;  // last: is bound to what stands before it
};

}  // namespace pchat::sql
