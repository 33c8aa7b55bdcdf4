// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/transaction.h"

#include "server/store/sql/failure.h"
#include "server/store/sql/prepared.h"
#include "server/store/sql/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace pchat::sql {
namespace {

template <class T>
bool holds(const std::vector<const T*>& list, const T& wanted) {
    return std::find(list.begin(), list.end(), &wanted) != list.end();
}

}  // namespace

Prepared& Transaction::prepare_statement(
    const Statement& statement, std::vector<Cell> in, std::vector<Cell> out
) {
    return session_.prepared(&statement, 0, [&] {
        if (!holds(catalog().statements, statement))
            throw std::logic_error(fmt::format("no '{}' in the catalog", statement.name));
        return std::make_unique<Prepared>(
            session_, render(statement.text, session_.engine()), std::move(in), std::move(out)
        );
    });
}

Prepared& Transaction::prepare_insert(const Table& table, std::size_t rows, std::vector<Cell> row) {
    return session_.prepared(&table, rows, [&] {
        if (!holds(catalog().tables, table))
            throw std::logic_error(fmt::format("no table '{}' in the catalog", table.name));
        std::vector<Cell> cells;
        cells.reserve(rows * row.size());
        for (std::size_t i = 0; i < rows; ++i)
            cells.insert(cells.end(), row.begin(), row.end());
        return std::make_unique<Prepared>(
            session_,
            render_insert(table, rows, session_.engine()),
            std::move(cells),
            std::vector<Cell>{}
        );
    });
}

Prepared& Transaction::prepare_update(const Table& table, std::vector<Cell> row) {
    return session_.prepared(&table, 0, [&] {
        if (!holds(catalog().tables, table))
            throw std::logic_error(fmt::format("no table '{}' in the catalog", table.name));
        std::vector<Cell> cells;
        const auto take = [&](Part from, Part to) {
            for (std::size_t i = 0; i < row.size(); ++i)
                if (table.columns[i].part >= from && table.columns[i].part <= to)
                    cells.push_back(row[i]);
        };
        take(Part::free, Part::free);
        take(Part::key, Part::revision);
        return std::make_unique<Prepared>(
            session_, render_update(table, session_.engine()), std::move(cells), std::vector<Cell>{}
        );
    });
}

std::vector<Cell>& Transaction::cells_of(Prepared& statement) {
    return statement.in();
}

std::int64_t Transaction::run_change(Prepared& statement) {
    statement.execute();
    return statement.affected();
}

void Transaction::run_query(Prepared& query, const std::function<bool(std::vector<Cell>&)>& take) {
    for (bool row = query.execute(); row && take(query.out()); row = query.next()) {
    }
}

void Transaction::forget(const Statement& statement) {
    session_.forget(&statement);
}

void Transaction::note_failure() {
    thrown_ = std::current_exception();
    Failure failure = current_failure(session_.target(), doing_);
    if (race_ == Race::again && failure.error.code == Errc::conflict)
        thrown_ = std::make_exception_ptr(LostRace{});
    error_ = std::move(failure.error);
}

Result<void> unless_changed(const Result<std::int64_t>& updated, std::string_view what) {
    if (!updated)
        return pass(updated.error());
    if (*updated == 0)
        return fail(
            Errc::conflict,
            fmt::format("the {} was changed or removed by somebody else", what),
            "read it again, then repeat the change"
        );
    return {};
}

}  // namespace pchat::sql
