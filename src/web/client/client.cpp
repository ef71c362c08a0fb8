#include "web/client/client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "web/client/range.hpp"
#include "web/transport/ascii.hpp"

namespace zhili::web::client {

using core::Errc;
using core::fail;

namespace {

/// Connections that wait for the next call; more are closed.
constexpr std::size_t idle_handles_max = 16;

struct HandleEnd {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, HandleEnd>;

struct ListEnd {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct UrlEnd {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

/// What the callbacks of one call share.
struct Under {
  Options const& options;
  std::vector<Range> const& allowed;
  std::atomic<bool> const& stopped;
  std::size_t bytes_max;
  Answer answer = {};
  bool inside = false;
  bool too_large = false;
};

curl_socket_t open_socket(void* with, curlsocktype, curl_sockaddr* at) {
  auto& under = *static_cast<Under*>(with);
  auto const address = address_of(at->addr);
  bool const may = under.options.reach == Reach::anywhere ||
                   (address && (is_public(*address) || std::any_of(under.allowed.begin(), under.allowed.end(),
                                                                   [&](Range const& r) { return r.holds(*address); })));
  if (!may) {
    under.inside = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

std::size_t take_body(char const* bytes, std::size_t, std::size_t count, void* with) {
  auto& under = *static_cast<Under*>(with);
  if (under.answer.body.size() + count > under.bytes_max) {
    under.too_large = true;
    return 0;
  }
  under.answer.body.append(bytes, count);
  return count;
}

std::size_t take_header(char const* bytes, std::size_t, std::size_t count, void* with) {
  auto& under = *static_cast<Under*>(with);
  std::string_view line(bytes, count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) under.answer.headers = {};  // another answer begins: after a redirect, after 100
  auto const colon = line.find(':');
  if (colon != std::string_view::npos)
    under.answer.headers.add(std::string(line.substr(0, colon)), std::string(ascii::trim(line.substr(colon + 1))));
  return count;
}

int go_on(void* with, curl_off_t, curl_off_t, curl_off_t, curl_off_t) { return static_cast<Under*>(with)->stopped ? 1 : 0; }

std::string host_of(std::string const& url) {
  std::unique_ptr<CURLU, UrlEnd> const parts(curl_url());
  char* host = nullptr;
  if (curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "?";
  if (curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) return "?";
  std::string out(host);
  curl_free(host);
  return out;
}

core::Error failure(CURLcode code, Under const& under, Call const& call, char const* words) {
  auto const host = host_of(call.url);
  auto const error = [&](Errc kind, char const* key, std::string zh, std::string en) {
    return core::Error{kind, key, {std::move(zh), std::move(en)}, {}, words};
  };
  if (under.stopped) return error(Errc::unavailable, "client.stopped", "程序正在停止。", "The program is stopping.");
  if (under.inside)
    return error(Errc::forbidden, "client.inside",
                 fmt::format("{} 指向内部网络，不允许访问。确需访问时，请由管理员在 installation.yaml 的 outbound.inside_allowed 中列出该网段。", host),
                 fmt::format("{} is an address of an inside network, which may not be called. If it must be, the administrator lists its range "
                             "in outbound.inside_allowed of installation.yaml.", host));
  if (under.too_large)
    return error(Errc::limit, "client.answer_size", fmt::format("{} 的应答超过 {} 字节。", host, under.bytes_max),
                 fmt::format("The answer of {} is longer than {} bytes.", host, under.bytes_max));
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return error(Errc::invalid, "client.url", "网址不对：需要完整的 http 或 https 网址。", "The address is not right: a complete http or https address is needed.");
    case CURLE_OPERATION_TIMEDOUT:
      return error(Errc::unavailable, "client.timeout", fmt::format("{} 没有在限定时间内应答。", host), fmt::format("{} did not answer in time.", host));
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
      return error(Errc::unavailable, "client.tls", fmt::format("{} 的证书无法验证，或加密连接建立失败。", host),
                   fmt::format("The certificate of {} cannot be verified, or TLS failed.", host));
    default:
      return error(Errc::unavailable, "client.unreachable", fmt::format("连不上 {}。", host), fmt::format("{} cannot be reached.", host));
  }
}

}  // namespace

struct Client::Impl {
  Options options;
  std::vector<Range> allowed;
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::vector<Handle> idle;

  Handle take() {
    std::lock_guard const lock(mutex);
    if (idle.empty()) return Handle(curl_easy_init());
    auto out = std::move(idle.back());
    idle.pop_back();
    return out;
  }
  void give_back(Handle handle) {
    curl_easy_reset(handle.get());  // keeps the connections
    std::lock_guard const lock(mutex);
    if (idle.size() < idle_handles_max) idle.push_back(std::move(handle));
  }

  void prepare(CURL* handle, Call const& call, Under& under, curl_slist* headers) const {
    auto const set = [handle](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_URL, call.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, call.limits.redirects_max > 0 ? 1L : 0L);
    set(CURLOPT_MAXREDIRS, static_cast<long>(call.limits.redirects_max));
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(call.limits.connect_ms.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(call.limits.total_ms.count()));
    if (!options.ca_file.empty()) {
      set(CURLOPT_CAINFO, options.ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<char const*>(nullptr));
    }
    set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    set(CURLOPT_OPENSOCKETDATA, &under);
    set(CURLOPT_WRITEFUNCTION, &take_body);
    set(CURLOPT_WRITEDATA, &under);
    set(CURLOPT_HEADERFUNCTION, &take_header);
    set(CURLOPT_HEADERDATA, &under);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &go_on);
    set(CURLOPT_XFERINFODATA, &under);
    set(CURLOPT_HTTPHEADER, headers);
    if (call.method == "HEAD") {
      set(CURLOPT_NOBODY, 1L);
    } else if (call.method != "GET" || !call.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
      set(CURLOPT_POSTFIELDS, call.body.data());
      set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
    }
  }
};

bool is_range(std::string_view text) { return parse_range(text).has_value(); }

core::Result<> check_url(std::string_view url) {
  auto const bad = fail(Errc::invalid, "client.url",
                        {"网址不对：请填写完整的 http:// 或 https:// 网址，不含用户名和密码。",
                         "The address is not right: write a complete http:// or https:// address, without a user or password."}, "url");
  bool const web = url.starts_with("https://") || url.starts_with("http://");
  bool const clean = std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c != '\x7F'; });
  if (!web || !clean) return bad;
  std::unique_ptr<CURLU, UrlEnd> const parts(curl_url());
  if (curl_url_set(parts.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) return bad;
  char* host = nullptr;
  bool const named = curl_url_get(parts.get(), CURLUPART_HOST, &host, 0) == CURLUE_OK && *host != '\0';
  curl_free(host);
  if (!named) return bad;
  return {};
}

core::Result<std::unique_ptr<Client>> Client::make(Options options) {
  static CURLcode const ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return fail(Errc::internal, "client.library", {"网络库无法启动。", "The network library does not start."});
  auto impl = std::make_unique<Impl>();
  for (auto const& text : options.inside_allowed) {
    auto const range = parse_range(text);
    if (!range)
      return fail(Errc::invalid, "client.range",
                  {fmt::format("“{}”不是网段。请写成 10.20.0.0/16 或 fd00::/8。", text),
                   fmt::format("\"{}\" is not a range of addresses. Write 10.20.0.0/16 or fd00::/8.", text)}, "inside_allowed");
    impl->allowed.push_back(*range);
  }
  impl->options = std::move(options);
  return std::unique_ptr<Client>(new Client(std::move(impl)));
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Client::~Client() = default;

void Client::stop() { impl_->stopped = true; }

core::Result<Answer> Client::call(Call const& call) {
  ZHILI_CHECK(check_url(call.url));
  if (call.method.empty() || !std::all_of(call.method.begin(), call.method.end(), ascii::is_token))
    return fail(Errc::invalid, "client.method", {"请求方法不对。", "The method is not right."}, "method");
  Under under{.options = impl_->options, .allowed = impl_->allowed, .stopped = impl_->stopped, .bytes_max = call.limits.answer_bytes_max};
  std::unique_ptr<curl_slist, ListEnd> headers;
  auto const add = [&headers](std::string const& line) {
    if (auto* const longer = curl_slist_append(headers.get(), line.c_str())) {
      static_cast<void>(headers.release());
      headers.reset(longer);
    }
  };
  add("Expect:");  // nobody needs to be asked before a body this small
  bool typed = false;
  for (auto const& [name, value] : call.headers) {
    bool const splits = (name + value).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (splits) return fail(Errc::invalid, "client.header", {"请求头含有换行。", "A header has a line break in it."}, name);
    add(value.empty() ? name + ";" : name + ": " + value);
    typed = typed || ascii::same(name, "content-type");
  }
  if (!typed) add("Content-Type:");  // otherwise the library claims a form
  auto handle = impl_->take();
  if (!handle) return fail(Errc::internal, "client.library", {"网络库无法启动。", "The network library does not start."});
  char words[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(handle.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(words));
  impl_->prepare(handle.get(), call, under, headers.get());
  auto const code = under.stopped ? CURLE_ABORTED_BY_CALLBACK : curl_easy_perform(handle.get());
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  impl_->give_back(std::move(handle));
  if (code != CURLE_OK) return fail(failure(code, under, call, words));
  under.answer.status = static_cast<int>(status);
  return std::move(under.answer);
}

}  // namespace zhili::web::client
