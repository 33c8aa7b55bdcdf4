// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <algorithm>
#include <limits>
#include <thread>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};
constexpr PrincipalId ben{2};
constexpr RoomId lobby{1};

ContentWork put(std::vector<ReadMark> marks) {
    return [marks = std::move(marks)](ContentTransaction& tx) { return tx.marks().put(marks); };
}

std::vector<ReadMark> marks_of(Content& content, PrincipalId user) {
    return content.read([&](ContentTransaction& tx) { return tx.marks().of_user(user); });
}

KeywordWatch a_keyword(PrincipalId user, const std::string& word) {
    return {user, name_key(word), word};
}

ContentWork watch(PrincipalId user, std::vector<KeywordWatch> keywords) {
    return [user, keywords = std::move(keywords)](ContentTransaction& tx) {
        return tx.marks().watch(user, keywords);
    };
}

std::vector<std::string> keywords_of(Content& content, PrincipalId user) {
    std::vector<std::string> out;
    content.write([&](ContentTransaction& tx) {
        return tx.marks().each_watch([&](const KeywordWatch& one) -> Result<void> {
            if (one.user == user)
                out.push_back(one.keyword);
            return {};
        });
    });
    std::sort(out.begin(), out.end());
    return out;
}

StoredFile a_file(std::int64_t id, RoomId room, Microseconds at) {
    StoredFile out;
    out.id = FileId{id};
    out.uuid = uuid_of(id);
    out.room = room;
    out.uploader = ann;
    out.name = "report.pdf";
    out.media_type = "application/pdf";
    out.created_at = at;
    return out;
}

ContentWork insert(const StoredFile& file) {
    return [file](ContentTransaction& tx) { return tx.files().insert(file); };
}

std::vector<std::int64_t> ids(const std::vector<StoredFile>& files) {
    std::vector<std::int64_t> out;
    for (const StoredFile& file : files)
        out.push_back(file.id.value);
    return out;
}

auto fields(const StoredFile& f) {
    return std::tuple_cat(
        std::tie(f.id, f.uuid, f.room, f.uploader, f.state, f.size_bytes, f.sha256),
        std::tie(f.name, f.media_type, f.created_at, f.removed_at)
    );
}

}  // namespace

TEST_CASE("marks: one never goes back", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(put({{ann, {2}, 10, 100}, {ann, lobby, 5, 100}, {ben, lobby, most, most}}));
    // Lower, the same, and higher; twice for one room in no order.
    content.write(put({{ann, {2}, 9, 200}, {ben, lobby, most, 200}, {ann, lobby, 6, 200}}));
    content.write(put({{ann, {3}, 2, 300}, {ann, {3}, 8, 301}, {ann, {3}, 4, 302}}));
    content.write(put({}));
    const auto marks = marks_of(content, ann);
    REQUIRE(marks.size() == 3);
    CHECK(marks[0].room == lobby);
    CHECK(marks[0].seq == 6);
    CHECK(marks[0].at == 200);
    CHECK(marks[1].seq == 10);
    CHECK(marks[1].at == 100);
    CHECK(marks[2].seq == 8);
    CHECK(marks[2].at == 301);
    CHECK(marks_of(content, ben).at(0).seq == most);
    CHECK(marks_of(content, ben).at(0).at == most);
    CHECK(marks_of(content, PrincipalId{3}).empty());
}

TEST_CASE("marks: those who write the same at once all succeed", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    constexpr int writers = 4;
    constexpr std::int64_t rounds = 10;
    std::vector<Result<void>> done(writers);
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer)
        threads.emplace_back([&, writer] {
            Result<void>& mine = done[static_cast<std::size_t>(writer)];
            for (std::int64_t room = 1; mine && room <= rounds; ++room)
                mine = content.try_write(put({{ann, {room}, writer + 1, 1}, {ben, {room}, 1, 1}}));
        });
    for (std::thread& thread : threads)
        thread.join();
    for (const Result<void>& one : done)
        REQUIRE_OK(one);
    const auto marks = marks_of(content, ann);
    REQUIRE(marks.size() == rounds);
    for (const ReadMark& mark : marks)
        CHECK(mark.seq == writers);
}

TEST_CASE("marks: mentions are counted of one user and room, in a stretch", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    const Mention mentions[] = {
        {ann, lobby, 3}, {ann, lobby, 7}, {ann, lobby, most}, {ann, {2}, 9}, {ben, lobby, 9}};
    content.write([&](ContentTransaction& tx) { return tx.messages().insert_mentions(mentions); });
    const auto unread = [&](std::int64_t after, std::int64_t last) {
        return content.read([&](ContentTransaction& tx) {
            return tx.marks().mentions(ann, lobby, {after, last});
        });
    };
    CHECK(unread(0, most) == 3);
    CHECK(unread(3, most) == 2);
    CHECK(unread(7, most) == 1);
    CHECK(unread(most, most) == 0);
    CHECK(unread(0, 7) == 2);
    CHECK(unread(0, 6) == 1);
}

TEST_CASE("marks: keywords are replaced as a whole, or not at all", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    const Principal users[] = {a_user(1, "ann@contoso.example"), a_user(2, "ben@contoso.example")};
    content.write([&](ContentTransaction& tx) { return tx.principals().insert(users); });
    using Words = std::vector<std::string>;
    const std::string owl = "\xF0\x9F\xA6\x89";
    content.write(watch(ann, {a_keyword(ann, "bonds"), a_keyword(ann, owl)}));
    content.write(watch(ben, {a_keyword(ben, "bonds")}));
    content.write(watch(ann, {a_keyword(ann, "bonds"), a_keyword(ann, "\xC3\x96l")}));
    CHECK(keywords_of(content, ann) == Words{"bonds", "\xC3\x96l"});
    CHECK(keywords_of(content, ben) == Words{"bonds"});

    REQUIRE_ERR(
        content.try_write(
            watch(ann, {a_keyword(ann, owl), a_keyword(ann, "a"), a_keyword(ann, "A")})
        ),
        Errc::conflict,
        ""
    );
    REQUIRE_ERR(
        content.try_write(watch(PrincipalId{9}, {a_keyword(PrincipalId{9}, "a")})),
        Errc::conflict,
        ""
    );
    CHECK(keywords_of(content, ann) == Words{"bonds", "\xC3\x96l"});
    content.write(watch(ann, {}));
    CHECK(keywords_of(content, ann).empty());
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.marks().each_watch([](const KeywordWatch&) -> Result<void> {
                return fail(Errc::interrupted, "that is enough");
            });
        }),
        Errc::interrupted,
        "that is enough"
    );
}

TEST_CASE("files: an upload begins, ends once, and the file goes once", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    StoredFile wanted = a_file(most, {most}, most);
    wanted.uuid = uuid_of(1);
    wanted.name = "\xF0\x9F\x93\x8E \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D.txt";
    const auto found = [&] {
        return content.read([&](ContentTransaction& tx) {
            return tx.files().find_uuid(wanted.uuid);
        });
    };
    const auto complete = [&](ContentTransaction& tx) {
        return tx.files().complete(wanted.id, most, std::string(64, 'a'));
    };
    const auto remove = [&](ContentTransaction& tx) { return tx.files().remove(wanted.id, 77); };
    CHECK_FALSE(found());
    REQUIRE_ERR(content.try_write(complete), Errc::conflict, "");
    content.write(insert(wanted));
    REQUIRE(found());
    CHECK((fields(*found()) == fields(wanted)));
    StoredFile same_uuid = a_file(2, lobby, 1);
    same_uuid.uuid = wanted.uuid;
    REQUIRE_ERR(content.try_write(insert(same_uuid)), Errc::conflict, "");

    content.write(complete);
    wanted.state = FileState::stored;
    wanted.size_bytes = most;
    wanted.sha256 = std::string(64, 'a');
    CHECK((fields(*found()) == fields(wanted)));
    REQUIRE_ERR(content.try_write(complete), Errc::conflict, "");

    content.write(remove);
    wanted.state = FileState::removed;
    wanted.removed_at = 77;
    CHECK((fields(*found()) == fields(wanted)));
    REQUIRE_ERR(content.try_write(remove), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(complete), Errc::conflict, "");
}

TEST_CASE("files: those of a room by number, those that never arrived by age", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    for (const std::int64_t id : {1, 2, 3, 4, 6, 7})
        content.write(insert(a_file(id, lobby, 100 - id)));
    content.write(insert(a_file(5, {2}, 50)));
    for (const std::int64_t id : {3, 6, 7})
        content.write([&](ContentTransaction& tx) {
            return tx.files().complete(FileId{id}, 1, std::string(64, 'b'));
        });
    const auto of_room = [&](std::int64_t after, int limit) {
        return ids(content.read([&](ContentTransaction& tx) {
            return tx.files().of_room(lobby, FileId{after}, limit);
        }));
    };
    using List = std::vector<std::int64_t>;
    CHECK(of_room(0, 2) == List{3, 6});
    CHECK(of_room(6, 2) == List{7});
    CHECK(of_room(7, 2).empty());
    content.write([](ContentTransaction& tx) { return tx.files().remove(FileId{6}, 200); });
    CHECK(of_room(0, 9) == List{3, 7});
    const auto arriving = [&](Microseconds at, int limit) {
        return ids(content.read([&](ContentTransaction& tx) {
            return tx.files().arriving(at, limit);
        }));
    };
    CHECK(arriving(99, 10) == List{5, 4, 2});  // the first began at 99
    CHECK(arriving(most, 2) == List{5, 4});
    CHECK(arriving(50, 10).empty());
}

TEST_CASE("files: many are found by id at once, whatever their state", "[marks]") {
    Content content{GENERATE(from_range(backends()))};
    constexpr std::int64_t count = 19;  // more than are looked up at once
    std::vector<FileId> wanted;
    std::vector<std::int64_t> expected;
    for (std::int64_t id = 1; id <= count; ++id) {
        content.write(insert(a_file(id, lobby, id)));
        wanted.push_back({id});
        expected.push_back(id);
    }
    content.write([](ContentTransaction& tx) { return tx.files().remove(FileId{2}, 77); });
    const auto find = [&](const std::vector<FileId>& list) {
        auto out = ids(content.read([&](ContentTransaction& tx) { return tx.files().find(list); }));
        std::sort(out.begin(), out.end());
        return out;
    };
    CHECK(find(wanted) == expected);
    CHECK(find({{7}, {most}, {2}}) == std::vector<std::int64_t>{2, 7});
    CHECK(find({}).empty());
}
