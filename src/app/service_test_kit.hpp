#pragma once
// For tests: the program at work on an empty directory, and one client of it.

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "app/demo/http_client.hpp"
#include "app/service.hpp"
#include "support/temp_db.hpp"

namespace zhili::app::kit {

/// Listens on a free port of this machine, at a time that the test moves. What fails here fails the test.
struct Serving {
  Serving() {
    CommonOptions options;
    options.data = folder.path().string();
    options.packs = ZHILI_SOURCE_DIR "/packs";
    auto opened = Service::open(options, time, time);
    if (!opened) throw std::runtime_error(opened.error().text.en + opened.error().detail);
    service = std::move(*opened);
    EXPECT_TRUE(service->start({.listen = "127.0.0.1:0"}));
    http = std::make_unique<demo::HttpClient>("127.0.0.1", service->port());
  }
  demo::HttpAnswer get(std::string const& path) {
    auto const got = http->get(path);
    EXPECT_TRUE(got) << path << ": " << got.error().detail;
    return got.value_or(demo::HttpAnswer{});
  }

  test::TempFolder folder;
  core::ManualTime time{core::from_iso("2026-04-27T09:00:00+08:00").value()};
  std::unique_ptr<Service> service;
  std::unique_ptr<demo::HttpClient> http;
};

}  // namespace zhili::app::kit
