#include "web/transport/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>

namespace zhili::web {

namespace {

auto unusable(std::string const& file) {
  char reason[256];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  ERR_clear_error();
  return core::fail(core::Errc::invalid, "tls.files",
                    {"TLS 证书或密钥文件不可用：" + file + "。须为 PEM 格式，且密钥与证书配对。",
                     "The TLS certificate or key file cannot be used: " + file +
                         ". Both must be PEM, and the key must belong to the certificate."},
                    file, reason);
}

}  // namespace

core::Result<std::shared_ptr<ssl_ctx_st>> load_tls(TlsFiles const& files) {
  std::shared_ptr<ssl_ctx_st> const context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return unusable(files.certificate);
  auto* const ctx = context.get();
  SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
  SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) return unusable(files.certificate);
  if (SSL_CTX_use_certificate_chain_file(ctx, files.certificate.c_str()) != 1)
    return unusable(files.certificate);
  if (SSL_CTX_use_PrivateKey_file(ctx, files.key.c_str(), SSL_FILETYPE_PEM) != 1) return unusable(files.key);
  if (SSL_CTX_check_private_key(ctx) != 1) return unusable(files.key);
  return context;
}

}  // namespace zhili::web
