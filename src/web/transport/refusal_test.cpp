// What the server refuses: each malformed, oversized or smuggled request gets its status and a closed
// connection.
#include <algorithm>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <vector>

#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

struct Refused {
  char const* what;
  std::string bytes;
  int status;
};

std::vector<Refused> refused_requests() {
  std::string const many_a(20'000, 'a');
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "X-" + std::to_string(i) + ": 1\r\n";
  std::string const start = "POST /echo HTTP/1.1\r\nHost: test\r\n";
  std::string const chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
  return {
      {"no Host", "GET /hello HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("/hello", "Host: other\r\n"), 400},
      {"bad Host", "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
      {"length and chunked", start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"two equal lengths", start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
      {"list of lengths", start + "Content-Length: 3, 3\r\n\r\nabc", 400},
      {"signed length", start + "Content-Length: +3\r\n\r\nabc", 400},
      {"negative length", start + "Content-Length: -3\r\n\r\nabc", 400},
      {"hex length", start + "Content-Length: 0x3\r\n\r\nabc", 400},
      {"length beyond 64 bits", start + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"blank before the colon", start + "Content-Length : 3\r\n\r\nabc", 400},
      {"folded line", start + "X-A: 1\r\n 2\r\n\r\n", 400},
      {"folded first line", "GET /hello HTTP/1.1\r\n Host: test\r\n\r\n", 400},
      {"unknown coding", start + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {"coding list", start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"disguised coding", start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"two codings", start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
       400},
      {"vertical tab in coding",
       start + "Transfer-Encoding: \x0b"
               "chunked\r\n\r\n0\r\n\r\n",
       400},
      {"chunked in 1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunk size is no number", chunked + "xyz\r\n", 400},
      {"chunk size has a prefix", chunked + "0x3\r\nabc\r\n0\r\n\r\n", 400},
      {"chunk size is negative", chunked + "-1\r\n", 400},
      {"chunk size overflows", chunked + "fffffffffffffffff\r\n", 400},
      {"chunk longer than it says", chunked + "3\r\nabcd\r\n0\r\n\r\n", 400},
      {"chunk line ends with LF", chunked + "3\nabc\r\n0\r\n\r\n", 400},
      {"chunk extension too long", chunked + "3;" + std::string(300, 'e') + "\r\nabc\r\n0\r\n\r\n", 400},
      {"trailer too long", chunked + "0\r\nA: " + std::string(5000, 'e') + "\r\n\r\n", 400},
      {"announced too large", start + "Content-Length: 1001\r\n\r\n", 413},
      {"announced absurdly large", start + "Content-Length: 18446744073709551615\r\n\r\n", 413},
      {"chunks too large together", chunked + "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n",
       413},
      {"chunk announced too large", chunked + "fffffffffffffff0\r\n", 413},
      {"unknown method", "BREW /hello HTTP/1.1\r\nHost: test\r\n\r\n", 501},
      {"CONNECT", "CONNECT test:80 HTTP/1.1\r\nHost: test\r\n\r\n", 501},
      {"TRACE", "TRACE /hello HTTP/1.1\r\nHost: test\r\n\r\n", 501},
      {"bad method", "G(T /hello HTTP/1.1\r\nHost: test\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 501},
      {"HTTP/2 version", "GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: test\r\n\r\n", 505},
      {"no version", "GET /hello\r\nHost: test\r\n\r\n", 400},
      {"blanks in the target", "GET /hel lo HTTP/1.1\r\nHost: test\r\n\r\n", 400},
      {"raw bytes in the target", "GET /\xE6\xB2\xBB HTTP/1.1\r\nHost: test\r\n\r\n", 400},
      {"fragment", get("/hello#x"), 400},
      {"NUL in a value", std::string("GET /hello HTTP/1.1\r\nHost: te\0st\r\n\r\n", 36), 400},
      {"NUL encoded in the path", get("/hello%00"), 400},
      {"NUL encoded in the query", get("/hello?n=%00"), 400},
      {"broken escape", get("/hello?n=%zz"), 400},
      {"cut escape", get("/hello?n=%4"), 400},
      {"overlong UTF-8", get("/hello?n=%C0%AF"), 400},
      {"surrogate", get("/hello?n=%ED%A0%80"), 400},
      {"up the tree", get("/things/../hello"), 400},
      {"up the tree, encoded", get("/things/%2e%2e/hello"), 400},
      {"line feeds alone", "GET /hello HTTP/1.1\nHost: test\n\n", 400},
      {"carriage return alone", "GET /hello HTTP/1.1\r\nX: a\rb\r\nHost: test\r\n\r\n", 400},
      {"TLS to a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
      {"long target", get("/" + many_a), 414},
      {"long target within the head", get("/" + many_a.substr(0, 9000)), 414},
      {"large header", get("/hello", "X: " + many_a + "\r\n"), 431},
      {"many headers", get("/hello", lines), 431},
      {"unknown expectation", start + "Expect: a-miracle\r\nContent-Length: 1\r\n\r\nx", 417},
      {"too many parameters",
       get("/hello?" +
           [] {
             std::string q;
             for (int i = 0; i < 300; ++i) q += "a=1&";
             return q;
           }()),
       429},
  };
}

TEST(Refusal, RefusesWhatIsMalformedWithTheRightStatusAndHangsUp) {
  TestServer const s(echo_router());
  for (auto const& [what, bytes, status] : refused_requests()) {
    auto client = s.client();
    auto const reply = client.ask(bytes);
    EXPECT_EQ(reply.status, status) << what;
    EXPECT_EQ(reply.header("connection"), "close") << what;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json; charset=utf-8") << what;
    EXPECT_TRUE(client.ended()) << what;
  }
  EXPECT_EQ(s.ask(get("/hello")).status, 200);
}

/// Whether Beast's own parser reads it as a whole and good request.
bool beast_takes(std::string_view bytes) {
  boost::beast::http::request_parser<boost::beast::http::string_body> parser;
  parser.eager(true);
  boost::system::error_code failed;
  while (!parser.is_done() && !failed && !bytes.empty()) bytes.remove_prefix(parser.put(boost::asio::buffer(bytes), failed));
  return parser.is_done() && !failed;
}

TEST(Refusal, IsStricterThanTheParserOfBeast) {
  // Why head.cpp is there: docs/decisions/0031-own-request-reader.md. If this fails, Beast has become stricter: read it again.
  std::vector<std::string_view> const taken{"list of lengths",  "two equal lengths", "folded line", "unknown coding", "coding list",
                                            "disguised coding", "chunked in 1.0",    "no Host",     "two Hosts"};
  std::size_t found = 0;
  for (auto const& [what, bytes, status] : refused_requests()) {
    if (std::find(taken.begin(), taken.end(), what) == taken.end()) continue;
    ++found;
    EXPECT_TRUE(beast_takes(bytes)) << what;
  }
  EXPECT_EQ(found, taken.size());
}

TEST(Refusal, NeverTreatsASmuggledBodyAsARequest) {
  TestServer const s(echo_router());
  auto client = s.client();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\n\r\n" +
      get("/hello"));
  EXPECT_EQ(client.reply().status, 400);
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace zhili::web::test
