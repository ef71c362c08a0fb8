#include "support/postgres_cluster.hpp"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace zhili::test {

namespace {

std::filesystem::path find_programs() {
  for (auto const* version : {"15", "16", "17"}) {
    auto const path = std::filesystem::path("/usr/lib/postgresql") / version / "bin";
    if (std::filesystem::exists(path / "initdb")) return path;
  }
  throw std::runtime_error("PostgreSQL is not installed (apt-get install postgresql-15); the tests need it");
}

}  // namespace

PostgresCluster& PostgresCluster::get() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() : programs_(find_programs()) {
  char name[] = "/tmp/zhili-pg-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  if (geteuid() == 0) {
    as_user_ = "setpriv --reuid=postgres --regid=postgres --clear-groups ";
    if (std::system(("chown postgres " + folder_.string()).c_str()) != 0)
      throw std::runtime_error("the user postgres is missing");
  }
  command("initdb -D " + (folder_ / "data").string() +
          " -U zhili -A trust -N --no-locale -E UTF8 --no-instructions");
  start();
}

PostgresCluster::~PostgresCluster() {
  try {
    stop();
  } catch (std::exception const&) {  // it may have been stopped by a test
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresCluster::command(std::string const& program_and_arguments) const {
  auto const log = (folder_ / "log").string();
  auto const line =
      "cd / && " + as_user_ + (programs_ / program_and_arguments).string() + " >>" + log + " 2>&1 </dev/null";
  if (auto const code = std::system(line.c_str()); code != 0) {
    std::system(("tail -n 20 " + log + " >&2").c_str());
    throw std::runtime_error("failed: " + program_and_arguments);
  }
}

void PostgresCluster::start() {
  command("pg_ctl -D " + (folder_ / "data").string() + " -w -t 30 -s -o \"-k " + folder_.string() +
          " -c listen_addresses='' -c fsync=off -c shared_buffers=32MB -c max_connections=60\" start");
}

void PostgresCluster::stop() {
  command("pg_ctl -D " + (folder_ / "data").string() + " -m immediate -w -s stop");
}

void PostgresCluster::crash_and_restart() {
  stop();
  start();
}

std::string PostgresCluster::new_database() {
  auto const name = "test" + std::to_string(++databases_);
  command("createdb -h " + folder_.string() + " -U zhili " + name);
  return "postgresql:///" + name + "?host=" + folder_.string() + "&user=zhili";
}

}  // namespace zhili::test
