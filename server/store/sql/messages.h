// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/message_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog message_catalog();

class SqlMessageStore : public MessageStore {
public:
    explicit SqlMessageStore(Transaction& transaction) : tx_(transaction) {}

    Result<std::vector<MessageKey>> known(std::span<const KeyReference> keys) override;
    Result<RoomHead> raise(const HeadRaise& raise) override;
    Result<std::vector<RoomHead>> raise_all(std::span<const HeadRaise> rooms, Microseconds at)
        override;
    Result<void> insert(std::span<const Message> messages) override;
    Result<void> insert_mentions(std::span<const Mention> mentions) override;
    Result<void> insert_keys(std::span<const MessageKey> keys) override;
    Result<std::optional<RoomHead>> head(RoomId room) override;
    Result<void> each_head(const Visit<RoomHead>& visit) override;
    Result<std::optional<Message>> find(RoomId room, std::int64_t seq) override;
    Result<std::vector<Message>> up_to(RoomId room, std::int64_t seq, int limit) override;
    Result<std::vector<Message>> after(RoomId room, std::int64_t seq, int limit) override;
    Result<std::vector<Message>> kept_up_to(RoomId room, std::int64_t seq, int limit) override;
    Result<std::vector<Utterance>> uttered(RoomId room, std::int64_t seq, int limit) override;
    Result<std::vector<Message>> kept_after(RoomId room, std::int64_t seq, int limit) override;
    Result<std::int64_t> count_kept(RoomId room, Stretch numbers, int most) override;
    Result<std::vector<Message>> changed(RoomId room, std::int64_t rev, int limit) override;
    Result<RoomHead> raise_rev(RoomId room, std::int64_t bytes) override;
    Result<void> change(const Message& message) override;
    Result<void> raise_first(RoomId room, std::int64_t first_seq) override;
    Result<std::int64_t> erase(RoomId room, std::int64_t seq, int limit) override;
    Result<std::vector<Message>> in_transit(Microseconds at, int limit) override;
    Result<std::int64_t> erase_transit(RoomId room, std::int64_t seq) override;
    Result<std::int64_t> forget_keys(Microseconds at, int limit) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
