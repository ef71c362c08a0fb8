#include "web/http.hpp"

#include <algorithm>
#include <atomic>

#include "web/transport/ascii.hpp"

namespace zhili::web {

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
  }
  return "";
}

std::optional<std::string_view> Fields::get(std::string_view name) const {
  for (auto const& [key, value] : pairs_)
    if (key == name && !value.empty()) return value;
  return std::nullopt;
}

std::vector<std::string_view> Fields::all(std::string_view name) const {
  std::vector<std::string_view> out;
  for (auto const& [key, value] : pairs_)
    if (key == name && !value.empty()) out.push_back(value);
  return out;
}

void Headers::set(std::string_view name, std::string value) {
  std::erase_if(lines_, [&](auto const& line) { return ascii::same(line.first, name); });
  add(std::string(name), std::move(value));
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (auto const& [key, value] : lines_)
    if (ascii::same(key, name)) return ascii::trim(value);
  return std::nullopt;
}

std::string_view Request::param(std::string_view wanted) const {
  for (auto const& [key, value] : params)
    if (key == wanted) return value;
  return {};
}

std::string Request::content_type() const {
  auto const header = headers.get("content-type").value_or("");
  return ascii::lower(ascii::trim(header.substr(0, header.find(';'))));
}

core::Lang Request::lang() const {
  // The tag with the greatest weight among those that we speak; the first of equals.
  auto rest = headers.get("accept-language").value_or("");
  double best = 0;
  auto lang = core::Lang::zh;
  while (!rest.empty()) {
    auto const item = ascii::take(rest, ',');
    auto const tag = ascii::trim(item.substr(0, item.find(';')));
    bool const zh = ascii::same(tag.substr(0, 2), "zh");
    if (!zh && !ascii::same(tag.substr(0, 2), "en")) continue;
    double const weight = ascii::quality(item);
    if (weight > best) best = weight, lang = zh ? core::Lang::zh : core::Lang::en;
  }
  return lang;
}

Response Response::json(std::string text, int status) {
  return {.status = status, .type = "application/json; charset=utf-8", .body = std::move(text)};
}

Response Response::text(std::string text, int status) {
  return {.status = status, .type = "text/plain; charset=utf-8", .body = std::move(text)};
}

struct Responder::Once {
  Send send;
  std::atomic<bool> done{false};

  void call(Response response) {
    if (!done.exchange(true)) send(std::move(response));
  }
  ~Once() {
    call(Response::problem(
        {core::Errc::internal,
         "http.unanswered",
         {"程序出错，没有给出答复。错误已记录。", "The program failed to answer. It is logged."}}));
  }
};

Responder::Responder(Send send) : once_(std::make_shared<Once>()) {
  once_->send = std::move(send);
}

void Responder::operator()(Response response) const {
  once_->call(std::move(response));
}

}  // namespace zhili::web
