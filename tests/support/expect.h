// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "tests/support/catch.h"

#include <string>

namespace pchat::test {

/// What a failed REQUIRE_OK or REQUIRE_ERR shows about the error it met.
inline std::string describe(const Error& error) {
    std::string text = std::string(error_class(error.code).token) + ": " + error.message;
    for (const std::string& where : error.context)
        text += "\n  in: " + where;
    if (!error.hint.empty())
        text += "\n  hint: " + error.hint;
    return text;
}

template <class T>
std::string describe(const Result<T>& result) {
    return result ? std::string("a value") : describe(result.error());
}

}  // namespace pchat::test

/// The Result holds a value; otherwise its error is shown.
#define REQUIRE_OK(expression)                                                                     \
    do {                                                                                           \
        const auto& expect_result_ = (expression);                                                 \
        INFO(pchat::test::describe(expect_result_));                                               \
        REQUIRE(expect_result_.has_value());                                                       \
    } while (false)

/// The Result holds an error of this class whose message contains this text.
#define REQUIRE_ERR(expression, errc, text)                                                        \
    do {                                                                                           \
        const auto& expect_result_ = (expression);                                                 \
        INFO(pchat::test::describe(expect_result_));                                               \
        REQUIRE_FALSE(expect_result_.has_value());                                                 \
        REQUIRE(expect_result_.error().code == (errc));                                            \
        REQUIRE_THAT(expect_result_.error().message, Catch::Contains(text));                       \
    } while (false)
