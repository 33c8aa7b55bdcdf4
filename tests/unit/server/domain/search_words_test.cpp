// SPDX-License-Identifier: Apache-2.0
#include "server/domain/search_words.h"
#include "tests/support/catch.h"

using namespace pchat;

namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
    Words out;
    for (const SearchWord& word : search_words(text))
        out.push_back(word.folded);
    return out;
}

bool fits(
    std::string_view pattern, SearchMatch match, std::string_view text, bool match_case = false
) {
    return SearchPattern{pattern, match, match_case}.fits(text);
}

}  // namespace

TEST_CASE("search words: letters and digits in a row, cases folded", "[search]") {
    CHECK(words("Deploy finished, v2 OK!") == Words{"deploy", "finished", "v2", "ok"});
    CHECK(words("STRASSE straße") == Words{"strasse", "strasse"});
    CHECK(words("ΟΔΟΣ Œuvre Привет") == Words{"οδοσ", "œuvre", "привет"});
    CHECK(words("مرحبا بكم") == Words{"مرحبا", "بكم"});
    CHECK(words("한국어 텍스트") == Words{"한국어", "텍스트"});
    CHECK(words("").empty());
    CHECK(words(" \t\n.,;-").empty());
}

TEST_CASE("search words: composed and decomposed text is the same", "[search]") {
    CHECK(words("Zo\u00EB") == words("Zoe\u0308"));
    CHECK(words("हिन्दी") == Words{"हिन्दी"});
    CHECK(words("z\u0335\u0336algo") == Words{"z\u0335\u0336algo"});
}

TEST_CASE("search words: scripts without blanks and symbols are words by themselves", "[search]") {
    CHECK(words("東京タワー") == Words{"東", "京", "タ", "ワ", "ー"});
    CHECK(words("ab東c") == Words{"ab", "東", "c"});
    CHECK(words("ไทย") == Words{"ไ", "ท", "ย"});
    CHECK(words("go\U0001F680\U0001F680!") == Words{"go", "\U0001F680", "\U0001F680"});
    // Joined and coloured ones are what they are made of.
    CHECK(words("\u2764\uFE0F") == words("\u2764"));
    CHECK(
        words("\U0001F468\u200D\U0001F469\u200D\U0001F467") ==
        Words{"\U0001F468", "\U0001F469", "\U0001F467"}
    );
}

TEST_CASE("search words: mentions, addresses and URLs fall apart at their signs", "[search]") {
    CHECK(words("@ann.lee: ask") == Words{"ann", "lee", "ask"});
    CHECK(words("ann@contoso.example") == Words{"ann", "contoso", "example"});
    CHECK(words("https://a.example/x_y?q=1") == Words{"https", "a", "example", "x", "y", "q", "1"});
}

TEST_CASE("search words: what is written without a blank shares a chunk", "[search]") {
    const auto all = search_words("  e-mail to 東京  now");
    REQUIRE(all.size() == 6);
    CHECK(all[0].chunk == all[1].chunk);
    CHECK(all[1].chunk != all[2].chunk);
    CHECK(all[3].chunk == all[4].chunk);
    CHECK(all[4].chunk != all[5].chunk);
}

TEST_CASE(
    "search words: a very long one is cut, a text with very many is indexed in part", "[search]"
) {
    const std::string x(150, 'x');
    const auto cut = search_words(x);
    REQUIRE(cut.size() == 3);
    CHECK(cut[0].folded.size() == 64);
    CHECK(cut[2].folded.size() == 22);
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += std::to_string(i) + " ";
    CHECK(word_keys(many).size() == 1000);
    CHECK(word_keys("b a b A").size() == 2);
}

TEST_CASE("search words: keys are what they were in every database", "[search]") {
    CHECK(word_key("deploy") != word_key("deploys"));
    CHECK(word_key("deploy") == 565380168064);
    CHECK(word_key("東") == 117914939240);
    CHECK(room_key(RoomId{1}) != sender_key(PrincipalId{1}));
}

TEST_CASE("search pattern: all, any and exact", "[search]") {
    const std::string text = "The deploy of web-01 has finished: ALL green";
    CHECK(fits("finished deploy", SearchMatch::all, text));
    CHECK_FALSE(fits("finished deploy failed", SearchMatch::all, text));
    CHECK_FALSE(fits("deplo", SearchMatch::all, text));
    CHECK(fits("failed green", SearchMatch::any, text));
    CHECK_FALSE(fits("failed red", SearchMatch::any, text));
    CHECK(fits("has  finished: all", SearchMatch::exact, text));
    CHECK_FALSE(fits("has finished all", SearchMatch::exact, text));
    CHECK_FALSE(fits("as finished", SearchMatch::exact, text));
    CHECK_FALSE(fits("finished: al", SearchMatch::exact, text));
    CHECK_FALSE(fits("!!", SearchMatch::exact, "!!"));
}

TEST_CASE("search pattern: words written together stand together", "[search]") {
    CHECK(fits("web-01", SearchMatch::all, "restart web-01 now"));
    CHECK(fits("web-01", SearchMatch::all, "restart web 01 now"));
    CHECK_FALSE(fits("web-01", SearchMatch::all, "01 web"));
    CHECK(fits("東京", SearchMatch::all, "私は東京にいる"));
    CHECK_FALSE(fits("東京", SearchMatch::all, "京都は東にある"));
    CHECK(fits("\U0001F680", SearchMatch::all, "launch\U0001F680\U0001F680"));
}

TEST_CASE("search pattern: upper and lower case count when they are asked for", "[search]") {
    CHECK(fits("ALL", SearchMatch::all, "ALL green", true));
    CHECK_FALSE(fits("all", SearchMatch::all, "ALL green", true));
    CHECK_FALSE(fits("all green", SearchMatch::exact, "ALL green", true));
    CHECK(fits("ZOE\u0308", SearchMatch::exact, "Zo\u00EB"));
    CHECK(fits("Zoe\u0308", SearchMatch::exact, "Zo\u00EB", true));
}

TEST_CASE("searchable text: the subject of a story and RTF without its markup", "[search]") {
    Message message;
    message.subject = "Quarter";
    message.body = R"({\rtf1\ansi{\fonttbl{\f0 Arial;}}\b Profit\b0  up\par})";
    message.format = MessageFormat::rtf;
    CHECK(words(searchable_text(message)) == Words{"quarter", "profit", "up"});
}
