// The parts of a multipart body lie inside it, one after the other, and written again they read the same.
#include <cstdlib>
#include <string>
#include <string_view>

#include "web/form.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::web;
  std::string_view const all(reinterpret_cast<char const*>(data), size);
  auto const line = std::min(all.find('\n'), all.size());
  auto const type = all.substr(0, line);
  auto const body = all.substr(std::min(line + 1, all.size()));
  MultipartLimits const limits{.parts_max = 8, .part_bytes_max = 1024, .head_bytes_max = 256};
  auto const parts = parse_multipart(body, type, limits);
  if (!parts) return 0;
  auto const* at = body.data();
  std::string again;
  for (auto const& part : *parts) {
    if (part.content.size() > limits.part_bytes_max) std::abort();
    if (!part.content.empty()) {
      if (part.content.data() < at || part.content.data() + part.content.size() > body.data() + body.size())
        std::abort();
      at = part.content.data() + part.content.size();
    }
    again += "--a-boundary-that-is-not-in-it\r\nContent-Disposition: form-data; name=x\r\n\r\n";
    again += part.content;
    again += "\r\n";
  }
  again += "--a-boundary-that-is-not-in-it--";
  if (again.find("\r\n--a-boundary-that-is-not-in-it") == std::string::npos) return 0;
  auto const second = parse_multipart(again, "multipart/form-data; boundary=a-boundary-that-is-not-in-it");
  if (body.find("a-boundary-that-is-not-in-it") != std::string_view::npos) return 0;
  if (!second || second->size() != parts->size()) std::abort();
  for (std::size_t i = 0; i < parts->size(); ++i)
    if ((*second)[i].content != (*parts)[i].content) std::abort();
  return 0;
}
