// The few entry points of cuBLAS 12 that a matrix product needs, on the emulated driver: a call
// becomes a host function in stream order. Matrices are column-major; float and half inputs, float
// results and sums.
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" int cuLaunchHostFunc(void* stream, void (*function)(void*), void* data);

namespace {

enum Status : int { kSuccess = 0, kInvalidValue = 7, kExecutionFailed = 13, kNotSupported = 15 };
enum DataType : int { kFloat = 0, kHalf = 2 };
// JCuda passes the old enumeration for the type of sums, where 32-bit floats are number 0. The new
// one has 68; the real library takes either, JCuda's binding turns only the old one into the new.
constexpr int kComputeFloat = 68;

struct Handle {
  void* stream = nullptr;
  int math_mode = 0;
};

struct Operand {
  const void* data;
  int type, leading;
  bool transposed;
};

struct Product {
  int m, n, k;
  float alpha, beta;
  Operand a, b;
  float* c;
  int c_leading;
};

float half_to_float(uint16_t half) {
  uint32_t exponent = half >> 10 & 31, mantissa = half & 1023;
  float magnitude;
  if (exponent == 0) {
    magnitude = float(mantissa) * 0x1p-24f;
  } else {
    uint32_t bits = (exponent == 31 ? 255u : exponent + 112) << 23 | mantissa << 13;
    memcpy(&magnitude, &bits, sizeof bits);
  }
  return half & 0x8000 ? -magnitude : magnitude;
}

float element(const Operand& from, size_t row, size_t column) {
  size_t leading = size_t(from.leading);
  size_t at = from.transposed ? column + row * leading : row + column * leading;
  if (from.type == kHalf) {
    return half_to_float(static_cast<const uint16_t*>(from.data)[at]);
  }
  return static_cast<const float*>(from.data)[at];
}

void run(void* data) {
  std::unique_ptr<Product> p(static_cast<Product*>(data));
  for (int j = 0; j < p->n; j++) {
    for (int i = 0; i < p->m; i++) {
      float sum = 0;
      for (int l = 0; l < p->k; l++) {
        sum += element(p->a, size_t(i), size_t(l)) * element(p->b, size_t(l), size_t(j));
      }
      float* to = p->c + i + size_t(j) * size_t(p->c_leading);
      // As cuBLAS: what C held before is not read where beta is zero.
      *to = p->beta == 0 ? p->alpha * sum : p->alpha * sum + p->beta * *to;
    }
  }
}

int submit(Handle* handle, const Product& product) {
  auto copy = std::make_unique<Product>(product);
  if (cuLaunchHostFunc(handle->stream, run, copy.get())) {
    return kExecutionFailed;
  }
  copy.release();
  return kSuccess;
}

bool supported(int type) { return type == kFloat || type == kHalf; }

}  // namespace

EXPORT int cublasCreate_v2(Handle** handle) {
  *handle = new Handle;
  return kSuccess;
}

EXPORT int cublasDestroy_v2(Handle* handle) {
  delete handle;
  return kSuccess;
}

EXPORT int cublasGetVersion_v2(Handle*, int* version) {
  *version = 120600;
  return kSuccess;
}

EXPORT int cublasSetStream_v2(Handle* handle, void* stream) {
  handle->stream = stream;
  return kSuccess;
}

EXPORT int cublasSetMathMode(Handle* handle, int mode) {
  handle->math_mode = mode;
  return kSuccess;
}

EXPORT int cublasSgemm_v2(Handle* handle, int a_op, int b_op, int m, int n, int k,
                          const float* alpha, const float* a, int lda, const float* b, int ldb,
                          const float* beta, float* c, int ldc) {
  return submit(handle, {m, n, k, *alpha, *beta, {a, kFloat, lda, a_op != 0},
                         {b, kFloat, ldb, b_op != 0}, c, ldc});
}

EXPORT int cublasGemmEx(Handle* handle, int a_op, int b_op, int m, int n, int k, const void* alpha,
                        const void* a, int a_type, int lda, const void* b, int b_type, int ldb,
                        const void* beta, void* c, int c_type, int ldc, int compute, int) {
  if (!supported(a_type) || a_type != b_type || c_type != kFloat || compute != kComputeFloat) {
    return kNotSupported;
  }
  return submit(handle, {m, n, k, *static_cast<const float*>(alpha),
                         *static_cast<const float*>(beta), {a, a_type, lda, a_op != 0},
                         {b, b_type, ldb, b_op != 0}, static_cast<float*>(c), ldc});
}
