// SPDX-License-Identifier: Apache-2.0
#include "service/base/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "service/base/file.h"

namespace cxr {
namespace {

constexpr std::uint64_t kMostBytes = 4 << 20;  // the authorities of a whole system take 0.2 MiB

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Memory = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

/// Leaves no error of ours in OpenSSL's queue, which belongs to the thread: gRPC reads it too.
class ErrorQueue {
 public:
  ErrorQueue() { ERR_clear_error(); }
  ~ErrorQueue() { ERR_clear_error(); }
  ErrorQueue(const ErrorQueue&) = delete;
  ErrorQueue& operator=(const ErrorQueue&) = delete;
};

Memory Open(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

absl::Status Wrong(const std::string& path, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(path, " ", what));
}

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path, kMostBytes);
  if (text.ok() && !absl::StrContains(*text, "-----BEGIN ")) {
    return Wrong(path, "holds no PEM block: expected a line that begins with -----BEGIN");
  }
  return text;
}

absl::StatusOr<std::vector<Certificate>> ParseCertificates(const std::string& path, const std::string& text) {
  const ErrorQueue queue;
  const Memory memory = Open(text);
  std::vector<Certificate> certificates;
  while (X509* parsed = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)) certificates.emplace_back(parsed);
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    return Wrong(path, "holds a certificate that is damaged");
  }
  if (certificates.empty()) return Wrong(path, "holds no certificate");
  return certificates;
}

std::string Format(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromTM(parts, absl::UTCTimeZone()), absl::UTCTimeZone());
}

absl::Status CheckValidity(const std::string& path, const Certificate& certificate, absl::Time now) {
  std::time_t when = absl::ToTimeT(now);
  if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &when) < 0) {
    return Wrong(path,
                 absl::StrCat("holds a certificate that expired on ", Format(X509_get0_notAfter(certificate.get()))));
  }
  if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &when) > 0) {
    return Wrong(path, absl::StrCat("holds a certificate that is valid from ",
                                    Format(X509_get0_notBefore(certificate.get())), " on, which is in the future"));
  }
  return absl::OkStatus();
}

/// Says that there is no pass phrase, where OpenSSL would ask the terminal.
int NoPassPhrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

absl::Status CheckKey(const std::string& certificate_path, const Certificate& certificate, const std::string& key_path,
                      const std::string& text) {
  const ErrorQueue queue;
  const Memory memory = Open(text);
  const PrivateKey key(PEM_read_bio_PrivateKey(memory.get(), nullptr, NoPassPhrase, nullptr));
  if (key == nullptr) return Wrong(key_path, "holds no private key that can be used: none, damaged or encrypted");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Wrong(key_path, absl::StrCat("does not hold the private key of the certificate in ", certificate_path));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadPemAuthorities(const std::string& path, absl::Time now) {
  absl::StatusOr<std::string> text = ReadPem(path);
  if (!text.ok()) return text;
  const auto certificates = ParseCertificates(path, *text);
  if (!certificates.ok()) return certificates.status();
  const bool any_valid = std::any_of(certificates->begin(), certificates->end(), [&](const Certificate& certificate) {
    return CheckValidity(path, certificate, now).ok();
  });
  if (!any_valid) return CheckValidity(path, certificates->front(), now);
  return text;
}

absl::StatusOr<PemKeyPair> ReadPemKeyPair(const std::string& certificate_path, const std::string& key_path,
                                          absl::Time now) {
  absl::StatusOr<std::string> chain = ReadPem(certificate_path);
  if (!chain.ok()) return chain.status();
  absl::StatusOr<std::string> key = ReadPem(key_path);
  if (!key.ok()) return key.status();
  const auto certificates = ParseCertificates(certificate_path, *chain);
  if (!certificates.ok()) return certificates.status();
  absl::Status status = CheckValidity(certificate_path, certificates->front(), now);
  status.Update(CheckKey(certificate_path, certificates->front(), key_path, *key));
  if (!status.ok()) return status;
  return PemKeyPair{*std::move(chain), *std::move(key)};
}

}  // namespace cxr
