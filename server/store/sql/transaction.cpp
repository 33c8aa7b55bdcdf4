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

void require_in_catalog(const Statement& statement) {
    if (!holds(catalog().statements, statement))
        throw std::logic_error(fmt::format("no '{}' in the catalog", statement.name));
}

}  // namespace

Prepared& Transaction::prepare_statement(
    const Statement& statement, std::vector<Cell> in, std::vector<Cell> out
) {
    return session_.prepared(&statement, 0, [&] {
        require_in_catalog(statement);
        return std::make_unique<Prepared>(
            session_, render(statement.text, session_.engine()), std::move(in), std::move(out)
        );
    });
}

Prepared& Transaction::prepare(
    const Statement& statement, std::vector<Cell> out, const Values& in
) {
    Prepared& made = prepare_statement(statement, in.cells(), std::move(out));
    std::copy(in.cells().begin(), in.cells().end(), cells_of(made).begin());
    return made;
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

bool Transaction::run_query(Prepared& query, const Take& take) {
    for (bool row = query.execute(); row; row = query.next())
        if (!take(query.out()))
            return false;
    return true;
}

void Transaction::stream(const Statement& statement, std::vector<Cell> out, const Take& take) {
    if (session_.engine() == Engine::postgresql)
        stream_by_cursor(statement, std::move(out), take);
    else if (!run_query(prepare_statement(statement, {}, std::move(out)), take))
        session_.forget(&statement);  // with the rows that nobody wants any more
}

// psqlODBC holds a whole result before it gives the first row away; a cursor of the server does
// not. It lives as long as a transaction.
void Transaction::stream_by_cursor(
    const Statement& statement, std::vector<Cell> out, const Take& take
) {
    require_in_catalog(statement);
    const bool alone = !session_.in_transaction();
    const std::string cursor = fmt::format("pchat_rows_{}", ++streams_);
    const auto run = [&](const std::string& text) {
        Prepared{session_, {text, {}}, {}, {}}.execute();
    };
    if (alone)
        session_.begin_read();
    try {
        run(fmt::format(
            "declare {} no scroll cursor for {}",
            cursor,
            render(statement.text, session_.engine()).text
        ));
        Prepared portion{
            session_, {fmt::format("fetch forward 500 from {}", cursor), {}}, {}, std::move(out)};
        std::size_t rows = 1;
        bool wanted = true;
        while (rows > 0 && wanted) {
            rows = 0;
            wanted = run_query(portion, [&](std::vector<Cell>& cells) {
                ++rows;
                return take(cells);
            });
        }
        run(fmt::format("close {}", cursor));
    } catch (...) {
        if (alone)
            session_.rollback();
        throw;
    }
    if (alone)
        session_.commit();
    --streams_;
}

void Transaction::note_failure() {
    thrown_ = std::current_exception();
    Failure failure = current_failure(session_.target(), doing_);
    if (race_ == Race::again && failure.duplicate)
        thrown_ = std::make_exception_ptr(LostRace{});
    error_ = std::move(failure.error);
    session_.forget_all();
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
