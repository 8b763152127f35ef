// The native methods of DJL 0.36's PyTorchLibrary that the library and its trainers call, over the libtorch of an
// installed PyTorch whose version DJL has no natives for. It links no CUDA library: tensors reach a GPU through the
// dispatcher. A method that is not here fails as an UnsatisfiedLinkError that names it.
#include <jni.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

using torch::IValue;
using torch::Tensor;
using torch::indexing::TensorIndex;
using Indices = std::vector<TensorIndex>;
namespace indexing = torch::indexing;

void fail(JNIEnv* env, const char* message) {
  if (!env->ExceptionCheck()) {
    env->ThrowNew(env->FindClass("ai/djl/engine/EngineException"), message);
  }
}

template <typename Result, typename Body>
Result guarded(JNIEnv* env, Body body) {
  try {
    return body();
  } catch (const c10::Error& e) {
    fail(env, e.what());
  } catch (const std::exception& e) {
    fail(env, e.what());
  }
  return Result();
}

template <typename T>
T& at_handle(jlong handle) {
  return *reinterpret_cast<T*>(handle);
}

Tensor& tensor(jlong handle) { return at_handle<Tensor>(handle); }
IValue& value(jlong handle) { return at_handle<IValue>(handle); }

jlong give(Tensor result) { return reinterpret_cast<jlong>(new Tensor(std::move(result))); }
jlong give(IValue result) { return reinterpret_cast<jlong>(new IValue(std::move(result))); }

std::vector<int64_t> longs(JNIEnv* env, jlongArray array) {
  std::vector<int64_t> result(env->GetArrayLength(array));
  env->GetLongArrayRegion(array, 0, result.size(), reinterpret_cast<jlong*>(result.data()));
  return result;
}

jlongArray give(JNIEnv* env, const std::vector<jlong>& values) {
  jlongArray result = env->NewLongArray(values.size());
  env->SetLongArrayRegion(result, 0, values.size(), values.data());
  return result;
}

std::string text(JNIEnv* env, jstring string) {
  const char* chars = env->GetStringUTFChars(string, nullptr);
  std::string result(chars);
  env->ReleaseStringUTFChars(string, chars);
  return result;
}

torch::Device device(JNIEnv* env, jintArray array) {
  jint parts[2];
  env->GetIntArrayRegion(array, 0, 2, parts);
  auto type = static_cast<torch::DeviceType>(parts[0]);
  return torch::Device(type, type == torch::kCPU ? -1 : parts[1]);
}

// in the order of DJL's data types
const torch::ScalarType TYPES[] = {torch::kFloat32, torch::kFloat64, torch::kFloat16, torch::kUInt8, torch::kInt32,
    torch::kInt8, torch::kInt64, torch::kBool};

torch::ScalarType type(jint number) {
  TORCH_CHECK(number >= 0 && number < 8, "data type ", number, " is not supported");
  return TYPES[number];
}

torch::TensorOptions options(JNIEnv* env, jint dtype, jint layout, jintArray where, jboolean gradient) {
  TORCH_CHECK(layout == 0, "layout ", layout, " is not supported");
  auto result = torch::TensorOptions().device(device(env, where)).requires_grad(gradient);
  return dtype == 8 ? result : result.dtype(type(dtype));
}

struct Inference {
  c10::InferenceMode mode;
  torch::jit::GraphOptimizerEnabledGuard unoptimized{false};
};

#define ARGS JNIEnv *env, jobject
#define TENSOR(...) guarded<jlong>(env, [&]() -> jlong { return give(__VA_ARGS__); })
#define NOTHING(...) \
  try { \
    __VA_ARGS__; \
  } catch (const std::exception& e) { \
    fail(env, e.what()); \
  }

// --- engine ---
jboolean isGradMode(ARGS) { return c10::GradMode::is_enabled(); }
void setGradMode(ARGS, jboolean on) { c10::GradMode::set_enabled(on); }
jint interopThreads(ARGS) { return at::get_num_interop_threads(); }
jint threads(ARGS) { return at::get_num_threads(); }
void setInteropThreads(ARGS, jint n) { NOTHING(at::set_num_interop_threads(n)) }
void setThreads(ARGS, jint n) { NOTHING(at::set_num_threads(n)) }
void setBenchmark(ARGS, jboolean on) { at::globalContext().setBenchmarkCuDNN(on); }
void manualSeed(ARGS, jlong seed) { NOTHING(torch::manual_seed(seed)) }
void optimize(ARGS, jboolean on) { torch::jit::setGraphExecutorOptimize(on); }
void nothing(ARGS) {}
void capabilities(ARGS, jobject found) {
  jmethodID add = env->GetMethodID(env->GetObjectClass(found), "add", "(Ljava/lang/Object;)Z");
  auto tell = [&](bool has, const char* name) {
    if (has) {
      env->CallBooleanMethod(found, add, env->NewStringUTF(name));
    }
  };
  auto& context = at::globalContext();
  NOTHING(tell(context.hasCUDA(), "CUDA"); tell(context.hasCuDNN(), "CUDNN"); tell(at::hasMKL(), "MKL");
          tell(at::hasMKLDNN(), "MKLDNN"); tell(at::hasOpenMP(), "OPENMP"))
}

// --- tensors ---
jlongArray sizes(ARGS, jlong a) {
  return guarded<jlongArray>(env, [&] {
    auto s = tensor(a).sizes();
    return give(env, std::vector<jlong>(s.begin(), s.end()));
  });
}
jbyteArray bytes(ARGS, jlong a) {
  return guarded<jbyteArray>(env, [&] {
    Tensor t = tensor(a).contiguous();
    jbyteArray result = env->NewByteArray(t.nbytes());
    env->SetByteArrayRegion(result, 0, t.nbytes(), static_cast<const jbyte*>(t.data_ptr()));
    return result;
  });
}
jobject directBuffer(ARGS, jlong a) {
  return guarded<jobject>(
      env, [&] { return env->NewDirectByteBuffer(tensor(a).data_ptr(), tensor(a).nbytes()); });
}
jboolean isContiguous(ARGS, jlong a) { return tensor(a).is_contiguous(); }
jlong contiguous(ARGS, jlong a) { return TENSOR(tensor(a).contiguous()); }
jint dtype(ARGS, jlong a) {
  for (int i = 0; i < 8; i++) {
    if (TYPES[i] == tensor(a).scalar_type()) {
      return i;
    }
  }
  return 8;
}
jintArray deviceOf(ARGS, jlong a) {
  jint parts[] = {static_cast<jint>(tensor(a).device().type()), tensor(a).device().index()};
  jintArray result = env->NewIntArray(2);
  env->SetIntArrayRegion(result, 0, 2, parts);
  return result;
}
jint layout(ARGS, jlong a) { return tensor(a).layout() == torch::kMkldnn ? 2 : tensor(a).is_sparse() ? 1 : 0; }
jlong to(ARGS, jlong a, jint t, jintArray where) {
  torch::NoGradGuard guard;
  return TENSOR(tensor(a).to(device(env, where), type(t), false));
}
jlong clone(ARGS, jlong a) {
  torch::NoGradGuard guard;
  return TENSOR(tensor(a).clone());
}
template <typename T>
void drop(ARGS, jlong handle) {
  delete reinterpret_cast<T*>(handle);
}

// --- creation ---
jlong empty(ARGS, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::empty(longs(env, s), options(env, t, l, d, g)));
}
jlong zeros(ARGS, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::zeros(longs(env, s), options(env, t, l, d, g)));
}
jlong ones(ARGS, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::ones(longs(env, s), options(env, t, l, d, g)));
}
jlong full(ARGS, jlongArray s, jdouble x, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::full(longs(env, s), x, options(env, t, l, d, g)));
}
jlong zerosLike(ARGS, jlong a, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::zeros_like(tensor(a), options(env, t, l, d, g)));
}
jlong onesLike(ARGS, jlong a, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::ones_like(tensor(a), options(env, t, l, d, g)));
}
jlong normal(ARGS, jdouble mean, jdouble std, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::empty(longs(env, s), options(env, t, l, d, g)).normal_(mean, std));
}
jlong uniform(ARGS, jdouble from, jdouble to, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return TENSOR(torch::empty(longs(env, s), options(env, t, l, d, g)).uniform_(from, to));
}
// the buffer's memory is Java's, which keeps it while the array is open; a GPU gets a copy
jlong fromBlob(ARGS, jobject buffer, jlongArray s, jint t, jint l, jintArray d, jboolean g) {
  return guarded<jlong>(env, [&] {
    TORCH_CHECK(l == 0, "layout ", l, " is not supported");
    auto how = torch::TensorOptions().dtype(type(t)).requires_grad(g);
    Tensor result = torch::from_blob(env->GetDirectBufferAddress(buffer), longs(env, s), how);
    auto where = device(env, d);
    return give(where.is_cpu() ? result : result.to(where));
  });
}
void set(ARGS, jlong a, jobject buffer) {
  NOTHING(Tensor& t = tensor(a); torch::NoGradGuard guard;
          t.copy_(torch::from_blob(env->GetDirectBufferAddress(buffer), t.sizes(), t.scalar_type())))
}

// --- indexing ---
jlong item(ARGS, jlong a, jlong i) { return TENSOR(tensor(a).index({static_cast<int64_t>(i)})); }
jlong items(ARGS, jlong a, jlongArray i) {
  return guarded<jlong>(env, [&] {
    Indices indices;
    for (int64_t each : longs(env, i)) {
      indices.emplace_back(each);
    }
    return give(tensor(a).index(indices));
  });
}
jlong indexInit(ARGS, jint) { return reinterpret_cast<jlong>(new Indices()); }
void appendNone(ARGS, jlong i, jboolean ellipsis) {
  ellipsis ? at_handle<Indices>(i).emplace_back(indexing::Ellipsis) : at_handle<Indices>(i).emplace_back(indexing::None);
}
void appendSlice(ARGS, jlong i, jlong from, jlong to, jlong step, jint open) {
  using Bound = std::optional<c10::SymInt>;
  Bound first = open & 2 ? Bound() : Bound(from);
  Bound last = open & 1 ? Bound() : Bound(to);
  at_handle<Indices>(i).emplace_back(indexing::Slice(first, last, Bound(step)));
}
void appendFixed(ARGS, jlong i, jlong at) { at_handle<Indices>(i).emplace_back(static_cast<int64_t>(at)); }
void appendArray(ARGS, jlong i, jlong a) { at_handle<Indices>(i).emplace_back(tensor(a)); }
jlong indexGet(ARGS, jlong a, jlong i) { return TENSOR(tensor(a).index(at_handle<Indices>(i))); }
void indexPut(ARGS, jlong a, jlong i, jlong b) { NOTHING(tensor(a).index_put_(at_handle<Indices>(i), tensor(b))) }
jlong slice(ARGS, jlong a, jlong dim, jlong from, jlong to, jlong step) {
  return TENSOR(tensor(a).slice(dim, from, to, step));
}

// --- arithmetic ---
jlong add(ARGS, jlong a, jlong b) { return TENSOR(tensor(a) + tensor(b)); }
jlong sub(ARGS, jlong a, jlong b) { return TENSOR(tensor(a) - tensor(b)); }
jlong mul(ARGS, jlong a, jlong b) { return TENSOR(tensor(a) * tensor(b)); }
jlong divide(ARGS, jlong a, jlong b) { return TENSOR(tensor(a) / tensor(b)); }
void addTo(ARGS, jlong a, jlong b) { NOTHING(tensor(a).add_(tensor(b))) }
void subFrom(ARGS, jlong a, jlong b) { NOTHING(tensor(a).sub_(tensor(b))) }
void mulBy(ARGS, jlong a, jlong b) { NOTHING(tensor(a).mul_(tensor(b))) }
void divideBy(ARGS, jlong a, jlong b) { NOTHING(tensor(a).div_(tensor(b))) }
jlong matmul(ARGS, jlong a, jlong b) { return TENSOR(torch::matmul(tensor(a), tensor(b))); }
jlong absolute(ARGS, jlong a) { return TENSOR(tensor(a).abs()); }
jlong square(ARGS, jlong a) { return TENSOR(tensor(a).square()); }
jlong root(ARGS, jlong a) { return TENSOR(tensor(a).sqrt()); }
jlong negative(ARGS, jlong a) { return TENSOR(-tensor(a)); }
jlong maximum(ARGS, jlong a) { return TENSOR(tensor(a).max()); }
jlong minimum(ARGS, jlong a) { return TENSOR(tensor(a).min()); }
jlong mean(ARGS, jlong a) { return TENSOR(tensor(a).mean()); }
jlong sum(ARGS, jlong a) { return TENSOR(tensor(a).sum()); }
jlong sumOver(ARGS, jlong a, jlongArray dims, jboolean keep) { return TENSOR(tensor(a).sum(longs(env, dims), keep)); }
jlong argMax(ARGS, jlong a) { return TENSOR(tensor(a).argmax()); }
jlong equal(ARGS, jlong a, jlong b) { return TENSOR(tensor(a).eq(tensor(b))); }
jboolean same(ARGS, jlong a, jlong b) {
  return guarded<jboolean>(env, [&] { return static_cast<jboolean>(tensor(a).equal(tensor(b))); });
}

// --- shapes ---
jlong reshape(ARGS, jlong a, jlongArray s) { return TENSOR(tensor(a).reshape(longs(env, s))); }
jlong permute(ARGS, jlong a, jlongArray s) { return TENSOR(tensor(a).permute(longs(env, s))); }
jlong transpose(ARGS, jlong a, jlong i, jlong j) { return TENSOR(tensor(a).transpose(i, j)); }
jlong expand(ARGS, jlong a, jlongArray s) { return TENSOR(tensor(a).expand(longs(env, s))); }
jlong unsqueeze(ARGS, jlong a, jlong dim) { return TENSOR(tensor(a).unsqueeze(dim)); }
jlong squeeze(ARGS, jlong a) { return TENSOR(tensor(a).squeeze()); }
jlong squeezeAt(ARGS, jlong a, jlong dim) { return TENSOR(tensor(a).squeeze(dim)); }
std::vector<Tensor> all(JNIEnv* env, jlongArray handles) {
  std::vector<Tensor> result;
  for (int64_t each : longs(env, handles)) {
    result.push_back(tensor(each));
  }
  return result;
}
jlong cat(ARGS, jlongArray a, jlong dim) { return TENSOR(torch::cat(all(env, a), dim)); }
jlong stack(ARGS, jlongArray a, jlong dim) { return TENSOR(torch::stack(all(env, a), dim)); }

// --- gradients ---
jboolean requiresGrad(ARGS, jlong a) { return tensor(a).requires_grad(); }
void attachGrad(ARGS, jlong a, jboolean on) { NOTHING(tensor(a).requires_grad_(on)) }
jlong grad(ARGS, jlong a) {
  return guarded<jlong>(env, [&]() -> jlong {
    Tensor result = tensor(a).grad();
    return result.defined() ? give(result) : 0;
  });
}
jlong detach(ARGS, jlong a) { return TENSOR(tensor(a).detach()); }
void backward(ARGS, jlong a, jlong g, jboolean keep, jboolean create) {
  NOTHING(tensor(a).backward(tensor(g), keep, create))
}

// --- scripts ---
jlong load(ARGS, jobject stream, jintArray where, jboolean, jbyteArray buffer, jlong size) {
  return guarded<jlong>(env, [&]() -> jlong {
    jmethodID read = env->GetMethodID(env->GetObjectClass(stream), "read", "([BII)I");
    std::string content;
    std::vector<char> part(env->GetArrayLength(buffer));
    while (size != 0) {
      jint most = size < 0 ? part.size() : std::min<jlong>(size, part.size());
      jint n = env->CallIntMethod(stream, read, buffer, 0, most);
      if (env->ExceptionCheck() || n < 0) {
        break;
      }
      env->GetByteArrayRegion(buffer, 0, n, reinterpret_cast<jbyte*>(part.data()));
      content.append(part.data(), n);
      size -= size < 0 ? 0 : n;
    }
    if (env->ExceptionCheck()) {
      return 0;
    }
    std::istringstream in(content);
    torch::jit::Module module = torch::jit::load(in, device(env, where));
    module.eval();
    return reinterpret_cast<jlong>(new torch::jit::Module(module));
  });
}
void eval(ARGS, jlong m) { NOTHING(at_handle<torch::jit::Module>(m).eval()) }
void train(ARGS, jlong m) { NOTHING(at_handle<torch::jit::Module>(m).train(true)) }
jlong run(ARGS, jlong m, jstring name, jlongArray arguments, jboolean training, jboolean) {
  return guarded<jlong>(env, [&] {
    std::vector<IValue> inputs;
    for (int64_t each : longs(env, arguments)) {
      inputs.push_back(value(each));
    }
    auto method = at_handle<torch::jit::Module>(m).get_method(text(env, name));
    if (training) {
      return give(method(inputs));
    }
    Inference guard;
    return give(method(inputs));
  });
}
jlongArray parameters(ARGS, jlong m) {
  return guarded<jlongArray>(env, [&] {
    std::vector<jlong> result;
    for (const auto& each : at_handle<torch::jit::Module>(m).parameters()) {
      result.push_back(give(Tensor(each)));
    }
    return give(env, result);
  });
}
jobjectArray names(JNIEnv* env, const std::vector<std::string>& all) {
  jobjectArray result = env->NewObjectArray(all.size(), env->FindClass("java/lang/String"), nullptr);
  for (size_t i = 0; i < all.size(); i++) {
    env->SetObjectArrayElement(result, i, env->NewStringUTF(all[i].c_str()));
  }
  return result;
}
jobjectArray parameterNames(ARGS, jlong m) {
  return guarded<jobjectArray>(env, [&] {
    std::vector<std::string> result;
    for (const auto& each : at_handle<torch::jit::Module>(m).named_parameters()) {
      result.push_back(each.name);
    }
    return names(env, result);
  });
}
jobjectArray methodNames(ARGS, jlong m) {
  return guarded<jobjectArray>(env, [&] {
    std::vector<std::string> result;
    for (const auto& each : at_handle<torch::jit::Module>(m).get_methods()) {
      result.push_back(each.name());
    }
    return names(env, result);
  });
}
jlong ofTensor(ARGS, jlong a) { return TENSOR(IValue(tensor(a))); }
jlong ofBool(ARGS, jboolean x) { return TENSOR(IValue(static_cast<bool>(x))); }
jlong ofLong(ARGS, jlong x) { return TENSOR(IValue(static_cast<int64_t>(x))); }
jlong ofDouble(ARGS, jdouble x) { return TENSOR(IValue(static_cast<double>(x))); }
jlong ofString(ARGS, jstring x) { return TENSOR(IValue(text(env, x))); }
jlong ofLongs(ARGS, jlongArray x) { return TENSOR(IValue(longs(env, x))); }
jlong ofDoubles(ARGS, jdoubleArray x) {
  return guarded<jlong>(env, [&] {
    std::vector<double> result(env->GetArrayLength(x));
    env->GetDoubleArrayRegion(x, 0, result.size(), result.data());
    return give(IValue(result));
  });
}
jlong ofTensors(ARGS, jlongArray a) { return TENSOR(IValue(all(env, a))); }
jlong toTensor(ARGS, jlong v) { return TENSOR(value(v).toTensor()); }
jboolean toBool(ARGS, jlong v) {
  return guarded<jboolean>(env, [&] { return static_cast<jboolean>(value(v).toBool()); });
}
jlong toLong(ARGS, jlong v) {
  return guarded<jlong>(env, [&] { return static_cast<jlong>(value(v).toInt()); });
}
jdouble toDouble(ARGS, jlong v) {
  return guarded<jdouble>(env, [&] { return value(v).toDouble(); });
}
jlongArray toTensors(ARGS, jlong v) {
  return guarded<jlongArray>(env, [&] {
    std::vector<jlong> result;
    for (const Tensor& each : value(v).toTensorVector()) {
      result.push_back(give(Tensor(each)));
    }
    return give(env, result);
  });
}
jboolean isTensor(ARGS, jlong v) { return value(v).isTensor(); }
jboolean isTensors(ARGS, jlong v) { return value(v).isTensorList(); }
jboolean isBool(ARGS, jlong v) { return value(v).isBool(); }

#define METHOD(name, signature, function) \
  { const_cast<char*>(name), const_cast<char*>(signature), reinterpret_cast<void*>(function) }

const JNINativeMethod METHODS[] = {
    METHOD("torchIsGradMode", "()Z", isGradMode), METHOD("torchSetGradMode", "(Z)V", setGradMode),
    METHOD("torchGetNumInteropThreads", "()I", interopThreads), METHOD("torchGetNumThreads", "()I", threads),
    METHOD("torchSetNumInteropThreads", "(I)V", setInteropThreads), METHOD("torchSetNumThreads", "(I)V", setThreads),
    METHOD("torchSetBenchmarkCuDNN", "(Z)V", setBenchmark), METHOD("torchManualSeed", "(J)V", manualSeed),
    METHOD("setGraphExecutorOptimize", "(Z)V", optimize), METHOD("torchCudaEmptyCache", "()V", nothing),
    METHOD("torchShowConfig", "(Ljava/util/Set;)V", capabilities),
    METHOD("torchSizes", "(J)[J", sizes), METHOD("torchDataPtr", "(J)[B", bytes),
    METHOD("torchDirectByteBuffer", "(J)Ljava/nio/ByteBuffer;", directBuffer),
    METHOD("torchIsContiguous", "(J)Z", isContiguous), METHOD("torchToContiguous", "(J)J", contiguous),
    METHOD("torchDType", "(J)I", dtype), METHOD("torchDevice", "(J)[I", deviceOf), METHOD("torchLayout", "(J)I", layout),
    METHOD("torchTo", "(JI[I)J", to), METHOD("tensorClone", "(J)J", clone),
    METHOD("torchDeleteTensor", "(J)V", drop<Tensor>), METHOD("torchDeleteIndex", "(J)V", drop<Indices>),
    METHOD("torchDeleteModule", "(J)V", drop<torch::jit::Module>), METHOD("torchDeleteIValue", "(J)V", drop<IValue>),
    METHOD("torchEmpty", "([JII[IZ)J", empty), METHOD("torchZeros", "([JII[IZ)J", zeros),
    METHOD("torchOnes", "([JII[IZ)J", ones), METHOD("torchFull", "([JDII[IZ)J", full),
    METHOD("torchZerosLike", "(JII[IZ)J", zerosLike), METHOD("torchOnesLike", "(JII[IZ)J", onesLike),
    METHOD("torchNormal", "(DD[JII[IZ)J", normal), METHOD("tensorUniform", "(DD[JII[IZ)J", uniform),
    METHOD("torchFromBlob", "(Ljava/nio/ByteBuffer;[JII[IZ)J", fromBlob),
    METHOD("torchSet", "(JLjava/nio/ByteBuffer;)V", set), METHOD("torchGetItem", "(JJ)J", item),
    METHOD("torchGetItem", "(J[J)J", items), METHOD("torchIndexInit", "(I)J", indexInit),
    METHOD("torchIndexAppendNoneEllipsis", "(JZ)V", appendNone), METHOD("torchIndexAppendSlice", "(JJJJI)V", appendSlice),
    METHOD("torchIndexAppendFixed", "(JJ)V", appendFixed), METHOD("torchIndexAppendArray", "(JJ)V", appendArray),
    METHOD("torchIndexAdvGet", "(JJ)J", indexGet), METHOD("torchIndexAdvPut", "(JJJ)V", indexPut),
    METHOD("torchSlice", "(JJJJJ)J", slice), METHOD("torchAdd", "(JJ)J", add), METHOD("torchSub", "(JJ)J", sub),
    METHOD("torchMul", "(JJ)J", mul), METHOD("torchTrueDivide", "(JJ)J", divide), METHOD("torchAddi", "(JJ)V", addTo),
    METHOD("torchSubi", "(JJ)V", subFrom), METHOD("torchMuli", "(JJ)V", mulBy),
    METHOD("torchTrueDividei", "(JJ)V", divideBy), METHOD("torchMatmul", "(JJ)J", matmul),
    METHOD("torchAbs", "(J)J", absolute), METHOD("torchSquare", "(J)J", square), METHOD("torchSqrt", "(J)J", root),
    METHOD("torchNeg", "(J)J", negative), METHOD("torchMax", "(J)J", maximum), METHOD("torchMin", "(J)J", minimum),
    METHOD("torchMean", "(J)J", mean), METHOD("torchSum", "(J)J", sum), METHOD("torchSum", "(J[JZ)J", sumOver),
    METHOD("torchArgMax", "(J)J", argMax), METHOD("torchEq", "(JJ)J", equal), METHOD("contentEqual", "(JJ)Z", same),
    METHOD("torchReshape", "(J[J)J", reshape), METHOD("torchPermute", "(J[J)J", permute),
    METHOD("torchTranspose", "(JJJ)J", transpose), METHOD("torchExpand", "(J[J)J", expand),
    METHOD("torchUnsqueeze", "(JJ)J", unsqueeze), METHOD("torchSqueeze", "(J)J", squeeze),
    METHOD("torchSqueeze", "(JJ)J", squeezeAt), METHOD("torchCat", "([JJ)J", cat), METHOD("torchStack", "([JJ)J", stack),
    METHOD("torchRequiresGrad", "(J)Z", requiresGrad), METHOD("torchAttachGrad", "(JZ)V", attachGrad),
    METHOD("torchGrad", "(J)J", grad), METHOD("torchDetachGrad", "(J)J", detach),
    METHOD("torchBackward", "(JJZZ)V", backward), METHOD("moduleLoad", "(Ljava/io/InputStream;[IZ[BJ)J", load),
    METHOD("moduleEval", "(J)V", eval), METHOD("moduleTrain", "(J)V", train),
    METHOD("moduleRunMethod", "(JLjava/lang/String;[JZZ)J", run), METHOD("moduleGetParams", "(J)[J", parameters),
    METHOD("moduleGetParamNames", "(J)[Ljava/lang/String;", parameterNames),
    METHOD("moduleGetMethodNames", "(J)[Ljava/lang/String;", methodNames), METHOD("iValueFromTensor", "(J)J", ofTensor),
    METHOD("iValueFromBool", "(Z)J", ofBool), METHOD("iValueFromLong", "(J)J", ofLong),
    METHOD("iValueFromDouble", "(D)J", ofDouble), METHOD("iValueFromString", "(Ljava/lang/String;)J", ofString),
    METHOD("iValueFromLongList", "([J)J", ofLongs), METHOD("iValueFromDoubleList", "([D)J", ofDoubles),
    METHOD("iValueFromTensorList", "([J)J", ofTensors), METHOD("iValueToTensor", "(J)J", toTensor),
    METHOD("iValueToBool", "(J)Z", toBool), METHOD("iValueToLong", "(J)J", toLong),
    METHOD("iValueToDouble", "(J)D", toDouble), METHOD("iValueToTensorList", "(J)[J", toTensors),
    METHOD("iValueIsTensor", "(J)Z", isTensor), METHOD("iValueIsTensorList", "(J)Z", isTensors),
    METHOD("iValueIsBool", "(J)Z", isBool)};

}  // namespace

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM* vm, void*) {
  JNIEnv* env;
  if (vm->GetEnv(reinterpret_cast<void**>(&env), JNI_VERSION_1_8) != JNI_OK) {
    return JNI_ERR;
  }
  jclass library = env->FindClass("ai/djl/pytorch/jni/PyTorchLibrary");
  if (library == nullptr || env->RegisterNatives(library, METHODS, sizeof(METHODS) / sizeof(METHODS[0])) != 0) {
    return JNI_ERR;
  }
  // the variable of NVIDIA's libraries, told to PyTorch too
  const char* tf32 = std::getenv("NVIDIA_TF32_OVERRIDE");
  if (tf32 != nullptr && std::string(tf32) == "0") {
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
  }
  return JNI_VERSION_1_8;
}
