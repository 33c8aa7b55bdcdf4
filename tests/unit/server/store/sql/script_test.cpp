// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/script.h"
#include "tests/support/catch.h"

using pchat::sql::Engine;
using pchat::sql::statements;
using Texts = std::vector<std::string>;

TEST_CASE("script: a statement ends with a semicolon at the end of a line", "[script]") {
    CHECK(statements("a;\nb\nc;\n", Engine::postgresql) == Texts{"a", "b\nc"});
    CHECK(statements("a; b\n;\n", Engine::sqlite) == Texts{"a; b"});
    CHECK(statements("a", Engine::sqlite) == Texts{"a"});
    CHECK(statements("", Engine::sqlite).empty());
    CHECK(statements(";\n\n;\n", Engine::sqlite).empty());
}

TEST_CASE("script: comments are left out, and end nothing", "[script]") {
    CHECK(statements("-- x;\na -- y: z;\n;\n-- end\n", Engine::sqlite) == Texts{"a"});
    CHECK(statements("a - -1;\n", Engine::sqlite) == Texts{"a - -1"});
}

TEST_CASE("script: what stands in quotes is kept", "[script]") {
    CHECK(statements("a '-- b';\n", Engine::sqlite) == Texts{"a '-- b'"});
    CHECK(statements("a 'it''s -- b';\n", Engine::sqlite) == Texts{"a 'it''s -- b'"});
    CHECK(statements("a \"--\" 'x\n;\n\ny';\n", Engine::sqlite) == Texts{"a \"--\" 'x\n;\n\ny'"});
}

TEST_CASE("script: on SQL Server a batch ends with GO", "[script]") {
    CHECK(
        statements("SET A ON;\nSET B ON;\nGO\nc;\n  go  \n", Engine::sqlserver) ==
        Texts{"SET A ON;\nSET B ON;", "c;"}
    );
    CHECK(statements("a 'x\nGO\ny'\nGO\n", Engine::sqlserver) == Texts{"a 'x\nGO\ny'"});
}

TEST_CASE("script: lines may end as they do on Windows", "[script]") {
    CHECK(statements("a;\r\nb\r\nc; \r\n", Engine::sqlite) == Texts{"a", "b\nc"});
    CHECK(statements("a\r\nGO\r\nb\r\n", Engine::sqlserver) == Texts{"a", "b"});
}
