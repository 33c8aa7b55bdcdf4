// SPDX-License-Identifier: Apache-2.0
// Field table: front ends and what else runs where.
#include "topology/spec_words.h"

namespace pchat::topology {
using namespace spec_words;
namespace {

const Shape& front_end_machine_shape() {
    static const Shape shape{
        "machine",
        "fqdn",
        {required(plain<&FrontEndMachine::fqdn>("fqdn", "host name of the machine"))}};
    return shape;
}

}  // namespace

const Shape& front_end_shape() {
    static const Shape shape{
        "front end",
        "fqdn",
        {required(plain<&FrontEnd::fqdn>(
             "fqdn", "name of the front end pool, or of the Standard Edition server"
         )),
         required(choice<&FrontEnd::edition>(
             "edition", {"enterprise", "standard"}, "edition of the front end"
         )),
         with_default(
             choice<&FrontEnd::version>(
                 "version", {"2013", "2015", "2019"}, "product year; 2019 is known, and refused"
             ),
             "2015"
         ),
         refers(plain<&FrontEnd::site>("site", "site that it stands in"), "site"),
         plain<&FrontEnd::domain>(
             "domain", "directory domain of its machines; default: the deployment's"
         ),
         plain<&FrontEnd::time_zone>("timeZone", "time zone of its machines"),
         object_list<&FrontEnd::machines>("machines", front_end_machine_shape, "its machines"),
         refers(plain<&FrontEnd::sql>("sql", "SQL instance with its back end"), "sql-instance")}};
    return shape;
}

const Shape& other_server_shape() {
    static const Shape shape{
        "other server",
        "fqdn",
        {required(plain<&OtherServer::fqdn>("fqdn", "host name of the machine")),
         required(any_of(
             plain<&OtherServer::roles>("roles", "what runs there"),
             {"director",
              "edge",
              "mediation",
              "officeWebApps",
              "videoInterop",
              "exchangeUm",
              "sharePoint",
              "reverseProxy",
              "monitoring",
              "archiving"}
         ))}};
    return shape;
}

}  // namespace pchat::topology
