// TLS with certificates that are made on the spot.
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>

#include "web/transport/test_certificate.hpp"
#include "web/transport/test_client.hpp"

namespace zhili::web::test {
namespace {

struct Tls : testing::Test {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("zhili_tls_" + std::to_string(::getpid()));
  TlsFiles files{folder / "city.crt", folder / "city.key"};
  Tls() { std::filesystem::create_directories(folder); }
  ~Tls() override { std::filesystem::remove_all(folder); }

  struct Talk {
    bool connected = false;
    std::string certificate_name;
    std::string answer;
  };
  Talk talk(std::uint16_t port, std::string const& bytes, int version_max = TLS1_3_VERSION) {
    Talk out;
    auto* const context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context, version_max);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    auto* const bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(port)).c_str());
    out.connected = BIO_do_connect(bio) == 1;
    if (out.connected) {
      SSL* ssl = nullptr;
      BIO_get_ssl(bio, &ssl);
      char name[64] = "";
      X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(ssl)), NID_commonName, name,
                                sizeof name);
      out.certificate_name = name;
      BIO_write(bio, bytes.data(), static_cast<int>(bytes.size()));
      char read[4096];
      for (int n = 0; (n = BIO_read(bio, read, sizeof read)) > 0;)
        out.answer.append(read, static_cast<std::size_t>(n));
    }
    BIO_free_all(bio);
    SSL_CTX_free(context);
    return out;
  }
};

std::string const last_request = get("/peer", "Connection: close\r\n");

TEST_F(Tls, ServesOverTls12And13AndNothingOlder) {
  make_certificate("first.example", files);
  ServerOptions options;
  options.tls = files;
  TestServer const s(echo_router(), options);
  for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto const talked = talk(s.server->port(), get("/hello?n=1") + last_request, version);
    EXPECT_EQ(talked.certificate_name, "first.example");
    EXPECT_NE(talked.answer.find("hello 1"), std::string::npos);
    EXPECT_NE(talked.answer.find("127.0.0.1 secure loopback"), std::string::npos) << talked.answer;
  }
  EXPECT_FALSE(talk(s.server->port(), last_request, TLS1_1_VERSION).connected);
}

TEST_F(Tls, ReloadsItsCertificateAndKeepsTheOldOneIfTheNewIsBad) {
  make_certificate("first.example", files);
  ServerOptions options;
  options.tls = files;
  TestServer const s(echo_router(), options);
  make_certificate("second.example", files);
  EXPECT_TRUE(s.server->reload_tls());
  EXPECT_EQ(talk(s.server->port(), last_request).certificate_name, "second.example");
  std::ofstream(files.key) << "no key";
  auto const refused = s.server->reload_tls();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().field, files.key);
  EXPECT_EQ(talk(s.server->port(), last_request).certificate_name, "second.example");
}

TEST_F(Tls, RefusesAKeyOfAnotherCertificate) {
  make_certificate("first.example", files);
  TlsFiles const other{folder / "other.crt", folder / "other.key"};
  make_certificate("other.example", other);
  Metrics metrics;
  core::SystemTime const time;
  ServerOptions options{.port = 0, .tls = TlsFiles{files.certificate, other.key}};
  auto const refused = Server::start(options, Router{}, metrics, time);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().key, "tls.files");
}

TEST_F(Tls, APlainRequestToATlsPortEndsQuietly) {
  make_certificate("first.example", files);
  ServerOptions options;
  options.tls = files;
  TestServer const s(echo_router(), options);
  auto client = s.client();
  client.send(get("/hello"));
  while (client.reply().status != 0) {
  }
  EXPECT_EQ(talk(s.server->port(), last_request).connected, true);
}

TEST_F(Tls, EndsAHandshakeThatDoesNotCome) {
  make_certificate("first.example", files);
  ServerOptions options;
  options.tls = files;
  options.limits.tls_ms = std::chrono::milliseconds(40);
  TestServer const s(echo_router(), options);
  auto client = s.client();
  EXPECT_TRUE(client.ended());
}

}  // namespace
}  // namespace zhili::web::test
