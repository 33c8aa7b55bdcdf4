// SPDX-License-Identifier: Apache-2.0
// Field table: SQL instances and file stores.
#include "topology/spec_words.h"

namespace pchat::topology {
using namespace spec_words;
namespace {

const Shape& sql_tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {with_default(
             choice<&SqlTls::mode>(
                 "mode",
                 {"verify", "require", "off"},
                 "verify: certificate checked; require: encrypted only"
             ),
             "verify"
         ),
         long_text(plain<&SqlTls::ca>("ca", "file with the certificates that are trusted"), 4096)}};
    return shape;
}

const Shape& credentials_shape() {
    static const Shape shape{
        "credentials",
        "",
        {secret(long_text(
             plain<&Credentials::provision>(
                 "provision",
                 "env: or file: reference of the login that creates databases and logins"
             ),
             4096
         )),
         secret(long_text(
             plain<&Credentials::owner>(
                 "owner", "env: or file: reference of the login that migrates the schema"
             ),
             4096
         )),
         secret(long_text(
             plain<&Credentials::run>(
                 "run",
                 "env: or file: reference of the server's own login: reads and writes, no DDL"
             ),
             4096
         )),
         secret(long_text(
             plain<&Credentials::reader>(
                 "reader", "env: or file: reference of the login for reports and export"
             ),
             4096
         ))}};
    return shape;
}

}  // namespace

const Shape& sql_instance_shape() {
    static const Shape shape{
        "sql instance",
        "name",
        {required(plain<&SqlInstance::name>("name", "how the rest of the document calls it")),
         required(choice<&SqlInstance::engine>(
             "engine", {"sqlserver", "postgresql", "sqlite"}, "database engine"
         )),
         plain<&SqlInstance::server>("server", "host name of the database server"),
         plain<&SqlInstance::instance>(
             "instance", "instance name, sqlserver only; empty is the default instance"
         ),
         range(
             plain<&SqlInstance::port>(
                 "port", "TCP port; default 1433 for sqlserver, 5432 for postgresql"
             ),
             1,
             65535
         ),
         long_text(
             plain<&SqlInstance::path>("path", "directory of the database files, sqlite only"), 4096
         ),
         choice<&SqlInstance::edition>(
             "edition", {"express", "standard", "enterprise"}, "edition, sqlserver only"
         ),
         label(plain<&SqlInstance::version>(
             "version", "sqlserver: 2008R2, 2012, 2014, ...; postgresql: 15, ..."
         )),
         refers(
             plain<&SqlInstance::data_center>("dataCenter", "data center that it stands in"),
             "data-center"
         ),
         plain<&SqlInstance::domain>(
             "domain", "directory domain of the server; default: the deployment's"
         ),
         with_default(
             choice<&SqlInstance::availability>(
                 "availability",
                 {"none", "mirroring", "cluster", "availabilityGroup"},
                 "how the engine keeps it available"
             ),
             "none"
         ),
         refers(
             plain<&SqlInstance::mirror>("mirror", "SQL instance that mirrors this one"),
             "sql-instance"
         ),
         refers(
             plain<&SqlInstance::witness>(
                 "witness", "SQL instance that decides when primary and mirror lose each other"
             ),
             "sql-instance"
         ),
         port(
             plain<&SqlInstance::mirror_port>("mirrorPort", "TCP port of the mirroring endpoint"),
             "5022"
         ),
         any_of(
             plain<&SqlInstance::other_databases>("otherDatabases", "what else it holds"),
             {"monitoring", "archiving"}
         ),
         plain<&SqlInstance::driver>(
             "driver", "ODBC driver; default: FreeTDS or PostgreSQL Unicode, by engine"
         ),
         object<&SqlInstance::tls>("tls", sql_tls_shape, "encryption of the connection"),
         object<&SqlInstance::credentials>(
             "credentials",
             credentials_shape,
             "where the logins are found; never the logins themselves"
         )}};
    return shape;
}

const Shape& file_store_shape() {
    static const Shape shape{
        "file store",
        "name",
        {required(plain<&FileStore::name>("name", "how the rest of the document calls it")),
         plain<&FileStore::server>("server", "host name of the file server"),
         plain<&FileStore::share>("share", "network share on the server"),
         long_text(
             plain<&FileStore::path>("path", "directory under which the pool's machines see it"),
             4096
         ),
         refers(plain<&FileStore::site>("site", "site that it stands in"), "site")}};
    return shape;
}

}  // namespace pchat::topology
