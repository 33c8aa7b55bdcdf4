// SPDX-License-Identifier: Apache-2.0
#include "base/config/field_words.h"
#include "cli/estate/document.h"
#include "server/service/chat_config.h"

namespace pchat::cli {
using namespace config::field_words;
using config::choice;
using config::Field;
using config::object_list;
using config::plain;
using config::Shape;
namespace {

constexpr std::size_t longest_url = 255;
constexpr std::size_t longest_principal = 400;

template <auto Member>
Field url(std::string_view key, std::string_view doc) {
    return long_text(plain<Member>(key, doc), longest_url);
}

template <auto Member>
Field principals(std::string_view key, std::string_view doc) {
    return long_text(plain<Member>(key, doc), longest_principal);
}

const Shape& config_shape() {
    static const Shape shape{
        "config",
        "identity",
        {required(plain<&DescribedConfig::identity>(
             "identity", "whose settings: global, site:NAME or service:POOLFQDN"
         )),
         range(
             plain<&DescribedConfig::default_chat_history>(
                 "defaultChatHistory", "messages that a client is sent when it joins a room"
             ),
             least_history,
             most_history
         ),
         range(
             plain<&DescribedConfig::max_file_size_kb>("maxFileSizeKb", "size of the largest file"),
             least_file_kb,
             most_file_kb
         ),
         range(
             plain<&DescribedConfig::participant_update_limit>(
                 "participantUpdateLimit", "participants above which rosters are counts"
             ),
             0,
             most_participants
         ),
         url<&DescribedConfig::room_management_url>(
             "roomManagementUrl", "page where people manage rooms; empty: none"
         ),
         plain<&DescribedConfig::allow_http>(
             "allowHttp", "true: the page may be one without TLS"
         )}};
    return shape;
}

const Shape& policy_shape() {
    static const Shape shape{
        "policy",
        "identity",
        {required(plain<&DescribedPolicy::identity>(
             "identity", "global, site:NAME or tag:NAME; a bare name is a tag's"
         )),
         plain<&DescribedPolicy::enable_persistent_chat>(
             "enablePersistentChat", "whether whom it covers may chat"
         ),
         plain<&DescribedPolicy::description>("description", "what administrators read about it")}};
    return shape;
}

const Shape& grant_shape() {
    static const Shape shape{
        "grant",
        "user",
        {required(principals<&DescribedGrant::user>("user", "the user, as sip:user@domain")),
         required(plain<&DescribedGrant::policy>("policy", "the tag that counts for the user"))}};
    return shape;
}

const Shape& addin_shape() {
    static const Shape shape{
        "addin",
        "name",
        {required(plain<&DescribedAddin::name>("name", "name of the add-in")),
         url<&DescribedAddin::url>("url", "https address of its page"),
         plain<&DescribedAddin::allow_http>("allowHttp", "true: the page may be one without TLS")}};
    return shape;
}

const Shape& category_shape() {
    static const Shape shape{
        "category",
        "name",
        {required(plain<&DescribedCategory::name>("name", "name of the category")),
         plain<&DescribedCategory::description>("description", "what people read about it"),
         plain<&DescribedCategory::invitations>(
             "invitations", "whether its rooms tell new members"
         ),
         plain<&DescribedCategory::file_upload>("fileUpload", "whether its rooms take files"),
         plain<&DescribedCategory::history>("history", "whether messages are kept"),
         principals<&DescribedCategory::allow>("allow", "who may be in its rooms"),
         principals<&DescribedCategory::deny>("deny", "who may not, though allowed"),
         principals<&DescribedCategory::creators>("creators", "who may create rooms in it")}};
    return shape;
}

const Shape& room_shape() {
    static const Shape shape{
        "room",
        "name",
        {required(plain<&DescribedRoom::name>("name", "name of the room")),
         plain<&DescribedRoom::description>("description", "what people read about it"),
         plain<&DescribedRoom::category>("category", "its category; of a new room: General"),
         plain<&DescribedRoom::addin>("addin", "the add-in that it shows; empty: none"),
         choice<&DescribedRoom::type>(
             "type", {"normal", "auditorium"}, "auditorium: presenters alone may write"
         ),
         choice<&DescribedRoom::privacy>(
             "privacy",
             {"open", "closed", "secret"},
             "open: everybody in its category may join; secret: only members see it"
         ),
         choice<&DescribedRoom::invitations>(
             "invitations", {"inherit", "off"}, "inherit: as its category says"
         ),
         plain<&DescribedRoom::disabled>("disabled", "true: nobody may join"),
         principals<&DescribedRoom::members>("members", "who may join; an open room has none"),
         principals<&DescribedRoom::managers>("managers", "who may change it"),
         principals<&DescribedRoom::presenters>("presenters", "who may write in an auditorium")}};
    return shape;
}

const Shape& wall_shape() {
    static const Shape shape{
        "wall",
        "name",
        {required(plain<&DescribedWall::name>("name", "name of the wall")),
         plain<&DescribedWall::description>("description", "what administrators read about it"),
         principals<&DescribedWall::a>("a", "who is on the one side"),
         principals<&DescribedWall::b>("b", "who is on the other side")}};
    return shape;
}

}  // namespace

const Shape& estate_document_shape() {
    static const Shape shape{
        "estate",
        "",
        {required(choice<&EstateDocument::api_version>(
             "apiVersion", {"pchat/v1"}, "version of this document's form"
         )),
         required(choice<&EstateDocument::kind>("kind", {"Estate"}, "what the document is")),
         any_of(
             plain<&EstateDocument::prune>(
                 "prune", "sections of which everything goes that the document does not name"
             ),
             {"config", "policies", "grants", "addins", "categories", "rooms", "walls"}
         ),
         object_list<&EstateDocument::config>("config", config_shape, "settings by scope"),
         object_list<&EstateDocument::policies>(
             "policies", policy_shape, "for whom chat is switched on"
         ),
         object_list<&EstateDocument::grants>(
             "grants", grant_shape, "users with a policy of their own"
         ),
         object_list<&EstateDocument::addins>("addins", addin_shape, "pages beside rooms"),
         object_list<&EstateDocument::categories>(
             "categories", category_shape, "who may use which rooms"
         ),
         object_list<&EstateDocument::rooms>("rooms", room_shape, "rooms"),
         object_list<&EstateDocument::walls>("walls", wall_shape, "who must never meet whom")}};
    return shape;
}

}  // namespace pchat::cli
