// SPDX-License-Identifier: Apache-2.0
#include "base/written_secrets.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace pchat;

TEST_CASE("written secrets: values behind telling keys become stars", "[secret]") {
    CHECK(without_secrets("password: hunter2\nname: x\n") == "password: *******\nname: x\n");
    CHECK(without_secrets("credentials: {run: \"sa:x\"}\n") == "credentials: {run: ******}\n");
    CHECK(
        without_secrets("{tls: {key: PEM, ca: b}, n: 1}\n") == "{tls: {key: ***, ca: b}, n: 1}\n"
    );
    CHECK(without_secrets("Credentails: sa # c\nx: 1\n") == "Credentails: ** # c\nx: 1\n");
    CHECK(without_secrets("passwort: x\n") == "passwort: *\n");
    CHECK(without_secrets("\"db_password\": 'a b'\n") == "\"db_password\": *****\n");
}

TEST_CASE("written secrets: references, keys and the rest of the text stay", "[secret]") {
    const std::string text =
        "- name: content   # the key word\n"
        "  credentials: {provision: \"env:ADMIN\", owner: file:secrets/owner}\n"
        "  credentials:\n"
        "    run: env:RUN   # comment\n"
        "  keyboard: us\n"
        "  tls: {certificate: \"file:a\", key: \"file:b\", ca: \"file:c\"}\n"
        "url: http://x/password:y\n";
    CHECK(without_secrets(text) == text);
}

TEST_CASE("written secrets: a value goes on below its key", "[secret]") {
    CHECK(
        without_secrets("- credentials:\n    run: |\n      hun\n\n      ter\n  port: 1\n") ==
        "- credentials:\n    run: |\n      ***\n\n      ***\n  port: 1\n"
    );
    CHECK(without_secrets("secrets:\n- a\n- b\nport: 1\n") == "secrets:\n- *\n- *\nport: 1\n");
    CHECK(
        without_secrets("- {credentials: {\n a: xy},\n b: 1}\n") ==
        "- {credentials: {\n a: **},\n b: 1}\n"
    );
}

TEST_CASE("written secrets: a text that cannot be read hides them, too", "[secret]") {
    const std::vector<std::string> broken{
        "credentials: {run: \"hunter2}\n",
        "credentials: {run: hunter2\n",
        "  credentials:\n\trun: hunter2\n",
        "credentials: {run: &hunter2 x}\n",
        "credentials: {run: *hunter2 }\n",
        "credentials: {run: @hunter2}\n",
        "credentials: \"a\n  hunter2",
        "password: \"x\\\"hunter2\"\n",
        "# password: hunter2\n"};
    for (const std::string& text : broken) {
        INFO(text);
        const std::string shown = without_secrets(text);
        CHECK_THAT(shown, !Catch::Contains("hunter2"));
        CHECK(shown.size() == text.size());
    }
}

TEST_CASE("written secrets: a bracket that is never closed does not hide the rest", "[secret]") {
    CHECK(
        without_secrets("a:\n  credentials: {run: x\n  port: 1433\n") ==
        "a:\n  credentials: {run: *\n  port: 1433\n"
    );
}
