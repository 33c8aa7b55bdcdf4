// SPDX-License-Identifier: Apache-2.0
#include "tests/support/faulty_content.h"

#include "tests/support/passing_transaction.h"

#include <utility>

namespace pchat::test {
namespace {

class FaultyMessages : public MessageStore {
public:
    FaultyMessages(MessageStore& inner, std::string body, std::atomic<std::int64_t>& head_age)
        : inner_(inner), body_(std::move(body)), head_age_(head_age) {}

    Result<void> insert(std::span<const Message> messages) override {
        for (const Message& message : messages)
            if (!body_.empty() && message.body == body_)
                return fail(Errc::invalid, "the engine does not like this text");
        return inner_.insert(messages);
    }

    Result<std::vector<MessageKey>> known(std::span<const KeyReference> keys) override {
        return inner_.known(keys);
    }
    Result<RoomHead> raise(const HeadRaise& raise) override { return inner_.raise(raise); }
    Result<std::vector<RoomHead>> raise_all(std::span<const HeadRaise> rooms, Microseconds at)
        override {
        return inner_.raise_all(rooms, at);
    }
    Result<void> insert_mentions(std::span<const Mention> mentions) override {
        return inner_.insert_mentions(mentions);
    }
    Result<void> insert_keys(std::span<const MessageKey> keys) override {
        return inner_.insert_keys(keys);
    }
    Result<std::optional<RoomHead>> head(RoomId room) override {
        Result<std::optional<RoomHead>> found = inner_.head(room);
        if (found && *found)
            (*found)->last_seq -= head_age_.exchange(0);
        return found;
    }
    Result<void> each_head(const Visit<RoomHead>& visit) override {
        return inner_.each_head(visit);
    }
    Result<std::optional<Message>> find(RoomId room, std::int64_t seq) override {
        return inner_.find(room, seq);
    }
    Result<std::vector<Message>> up_to(RoomId room, std::int64_t seq, int limit) override {
        return inner_.up_to(room, seq, limit);
    }
    Result<std::vector<Message>> after(RoomId room, std::int64_t seq, int limit) override {
        return inner_.after(room, seq, limit);
    }
    Result<std::vector<Utterance>> uttered(RoomId room, std::int64_t seq, int limit) override {
        return inner_.uttered(room, seq, limit);
    }
    Result<std::vector<Message>> kept_up_to(RoomId room, std::int64_t seq, int limit) override {
        return inner_.kept_up_to(room, seq, limit);
    }
    Result<std::vector<Message>> kept_after(RoomId room, std::int64_t seq, int limit) override {
        return inner_.kept_after(room, seq, limit);
    }
    Result<std::int64_t> count_kept(RoomId room, Stretch numbers, int most) override {
        return inner_.count_kept(room, numbers, most);
    }
    Result<std::vector<Message>> changed(RoomId room, std::int64_t rev, int limit) override {
        return inner_.changed(room, rev, limit);
    }
    Result<RoomHead> raise_rev(RoomId room, std::int64_t bytes) override {
        return inner_.raise_rev(room, bytes);
    }
    Result<void> change(const Message& message) override { return inner_.change(message); }
    Result<void> raise_first(RoomId room, std::int64_t first_seq) override {
        return inner_.raise_first(room, first_seq);
    }
    Result<std::int64_t> erase(RoomId room, std::int64_t seq, int limit) override {
        return inner_.erase(room, seq, limit);
    }
    Result<std::vector<Message>> in_transit(Microseconds at, int limit) override {
        return inner_.in_transit(at, limit);
    }
    Result<std::int64_t> erase_transit(RoomId room, std::int64_t seq) override {
        return inner_.erase_transit(room, seq);
    }
    Result<std::int64_t> forget_keys(Microseconds at, int limit) override {
        return inner_.forget_keys(at, limit);
    }

private:
    MessageStore& inner_;
    std::string body_;
    std::atomic<std::int64_t>& head_age_;
};

class FaultyTransaction : public PassingTransaction {
public:
    FaultyTransaction(
        ContentTransaction& inner, std::string body, std::atomic<std::int64_t>& head_age
    )
        : PassingTransaction(inner), messages_(inner.messages(), std::move(body), head_age) {}

    MessageStore& messages() override { return messages_; }

private:
    FaultyMessages messages_;
};

}  // namespace

Result<void> FaultyContent::read(std::string_view doing, const ContentWork& work) {
    {
        const std::lock_guard lock{mutex_};
        if (spared_reads_ && (*spared_reads_)-- == 0) {
            spared_reads_.reset();
            return fail(failure_, "the database does not answer, as the test wants it");
        }
    }
    return inner_.read(doing, [&](ContentTransaction& tx) {
        FaultyTransaction faulty{tx, {}, head_age_};
        return work(faulty);
    });
}

Result<void> FaultyContent::write(std::string_view doing, const ContentWork& work) {
    std::string body;
    bool lost = false;
    bool happens = true;
    {
        std::unique_lock lock{mutex_};
        ++waiting_;
        arrived_.notify_all();
        released_.wait(lock, [&] { return !held_; });
        --waiting_;
        if (failures_ > 0 && spared_ > 0) {
            --spared_;
        } else if (failures_ > 0) {
            --failures_;
            return fail(failure_, "the database does not answer, as the test wants it");
        }
        lost = lost_answers_ > 0;
        if (lost) {
            --lost_answers_;
            happens = lost_happens_;
        }
        body = refused_body_;
    }
    Result<void> done = inner_.write(doing, [&](ContentTransaction& tx) -> Result<void> {
        FaultyTransaction faulty{tx, body, head_age_};
        Result<void> worked = work(faulty);
        if (worked && lost && !happens)
            return fail(Errc::unknown_outcome, "the answer to COMMIT was lost");
        return worked;
    });
    if (done && lost)
        return fail(Errc::unknown_outcome, "the answer to COMMIT was lost");
    return done;
}

void FaultyContent::hold() {
    const std::lock_guard lock{mutex_};
    held_ = true;
}

void FaultyContent::wait_for_writer() {
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [&] { return waiting_ > 0; });
}

void FaultyContent::release() {
    {
        const std::lock_guard lock{mutex_};
        held_ = false;
    }
    released_.notify_all();
}

void FaultyContent::fail_next(int count, Errc code) {
    const std::lock_guard lock{mutex_};
    failures_ = count;
    spared_ = 0;
    failure_ = code;
}

void FaultyContent::fail_read(int spared, Errc code) {
    const std::lock_guard lock{mutex_};
    spared_reads_ = spared;
    failure_ = code;
}

void FaultyContent::date_head(std::int64_t messages) {
    head_age_ = messages;
}

void FaultyContent::fail_after(int writes, Errc code) {
    const std::lock_guard lock{mutex_};
    failures_ = 1'000'000;
    spared_ = writes;
    failure_ = code;
}

void FaultyContent::lose_answer(int count, bool happens) {
    const std::lock_guard lock{mutex_};
    lost_answers_ = count;
    lost_happens_ = happens;
}

void FaultyContent::refuse_body(std::string body) {
    const std::lock_guard lock{mutex_};
    refused_body_ = std::move(body);
}

}  // namespace pchat::test
