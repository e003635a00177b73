"""What generated code may say: the tables of :mod:`nl2efg.build.policy`."""

from __future__ import annotations

EVERYTHING = None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTOOLS = (
    "cache cached_property cmp_to_key lru_cache partial reduce singledispatch total_ordering wraps"
)
_COLLECTIONS = (
    "ChainMap Counter OrderedDict UserDict UserList UserString abc defaultdict deque namedtuple"
)
_RANDOM = (
    "Random betavariate choice choices expovariate gammavariate gauss getrandbits getstate "
    "lognormvariate normalvariate paretovariate randint random randrange sample seed setstate "
    "shuffle triangular uniform vonmisesvariate weibullvariate"
)
_NUMPY = (
    "abs add all allclose amax amin any append arange argmax argmin argsort argwhere around "
    "array array_equal asarray astype average bool bool_ broadcast_to ceil clip column_stack "
    "concatenate copy cumprod cumsum diag divide dot dtype e empty empty_like equal exp "
    "expand_dims eye fill flip float16 float32 float64 floor full full_like hstack identity inf "
    "int16 int32 int64 int8 integer isclose isfinite isinf isnan isscalar kron linalg linspace "
    "log log10 log2 logspace matmul matrix max maximum mean median meshgrid min minimum mod "
    "moveaxis multiply nan nan_to_num ndarray ndenumerate ndim ndindex negative newaxis nonzero "
    "number object_ ones ones_like outer permute_dims pi power prod ptp quantile random ravel "
    "repeat reshape roll round set_printoptions shape sign size sort split sqrt square squeeze "
    "stack std str_ subtract sum swapaxes take tensordot tile trace transpose tril triu uint16 "
    "uint32 uint64 uint8 unique unravel_index var vectorize vstack where zeros zeros_like"
)
_NUMPY_RANDOM = (
    "Generator RandomState beta binomial choice default_rng dirichlet exponential gamma integers "
    "normal permutation poisson rand randint randn random random_sample seed shuffle uniform"
)
_DATACLASSES = "FrozenInstanceError asdict astuple dataclass field fields is_dataclass replace"
_OPERATOR = (
    "add and_ concat contains countOf eq floordiv ge getitem gt index inv is_ is_not itemgetter le "
    "lt mod mul ne neg not_ or_ pos pow sub truediv truth xor"
)
_ENUM = "Enum Flag IntEnum IntFlag StrEnum auto unique"
_STATISTICS = "fmean geometric_mean harmonic_mean mean median mode pstdev pvariance stdev variance"
_STRING = (
    "ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits punctuation"
)

MODULES: dict[str, frozenset[str] | None] = {
    "__future__": EVERYTHING,
    "abc": _words("ABC ABCMeta abstractmethod"),
    "bisect": EVERYTHING,
    "collections": _words(_COLLECTIONS),
    "collections.abc": EVERYTHING,
    "copy": _words("copy deepcopy"),
    "dataclasses": _words(_DATACLASSES),
    "decimal": EVERYTHING,
    "enum": _words(_ENUM),
    "fractions": frozenset(["Fraction"]),
    "functools": _words(_FUNCTOOLS),
    "heapq": EVERYTHING,
    "itertools": EVERYTHING,
    "math": EVERYTHING,
    "numbers": _words("Complex Integral Number Rational Real"),
    "numpy": _words(_NUMPY),
    "numpy.linalg": EVERYTHING,
    "numpy.random": _words(_NUMPY_RANDOM),
    "operator": _words(_OPERATOR),
    "random": _words(_RANDOM),
    "statistics": _words(_STATISTICS),
    "string": _words(_STRING),
    "typing": EVERYTHING,
}
"""Modules beside pygambit that may be imported, each with the names that may be used of it."""

WHAT_MODULES_DO = {
    "reaches into the operating system": "os sys posix nt pathlib shutil tempfile glob io "
    "platform pwd",
    "starts other programs": "subprocess multiprocessing pty concurrent threading _thread asyncio",
    "reaches the network": "socket ssl http urllib requests httpx ftplib smtplib aiohttp websocket",
    "reaches memory and machine code": "ctypes cffi mmap _ctypes fcntl resource signal",
    "looks into the interpreter": "inspect gc builtins importlib types ast dis traceback code "
    "codeop marshal pickle shelve dill runpy pkgutil site atexit weakref tracemalloc faulthandler",
}

WHAT_NAMES_DO = {
    "open": "opens a file",
    "exec": "runs text as code",
    "eval": "evaluates text as code",
    "compile": "compiles text to code",
    "input": "waits for input",
    "breakpoint": "starts a debugger",
    "help": "starts a pager",
    "exit": "ends the interpreter",
    "quit": "ends the interpreter",
    "globals": "looks into the interpreter's names",
    "locals": "looks into the interpreter's names",
    "vars": "looks into an object's names",
    "memoryview": "reads raw memory",
}

ATTRIBUTE_FUNCTIONS = frozenset(("getattr", "setattr", "delattr", "hasattr"))

INNER_ATTRIBUTES = _words(
    "ag_await ag_code ag_frame co_code co_consts co_names cr_await cr_code cr_frame ctypeslib "
    "f_back f_builtins f_code f_globals f_locals f_trace func_code func_globals gi_code gi_frame "
    "gi_yieldfrom mro tb_frame tb_lasti tb_next tofile with_traceback"
)

DUNDER_METHODS = frozenset(
    f"__{word}__"
    for word in _words(
        "abs add all and bool call ceil contains delitem doc enter eq exit float floor floordiv ge "
        "getitem gt hash iadd init int invert isub iter le len lt match_args missing mod mul name "
        "ne neg next or pos post_init pow radd repr reversed rmul round rsub rtruediv setitem "
        "slots str sub truediv version xor"
    )
)
"""Names of methods that a class may define, and a few that print well."""

PUBLIC_UNDERSCORES = frozenset(("_asdict", "_fields", "_make", "_replace"))
