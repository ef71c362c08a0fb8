// What comes out of a form or an address is clean text, and encoded again it reads the same.
#include <cstdlib>
#include <string>
#include <string_view>

#include "web/form.hpp"
#include "web/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using namespace zhili::web;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const form = parse_form(text);
  if (form) {
    std::string again;
    for (auto const& [name, value] : *form) {
      if (!is_clean_utf8(name) || !is_clean_utf8(value)) std::abort();
      again += percent_encode(name) + "=" + percent_encode(value) + "&";
    }
    auto const second = parse_form(again);
    if (!second || second->size() != form->size()) std::abort();
    if (!std::equal(form->begin(), form->end(), second->begin())) std::abort();
  }
  auto const target = parse_target(text);
  if (target) {
    if (target->path.empty() || target->path.front() != '/' || target->segments.empty()) std::abort();
    for (auto const& segment : target->segments)
      if (segment == ".." || segment == "." || !is_clean_utf8(segment)) std::abort();
  }
  return 0;
}
