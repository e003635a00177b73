"""What generated code may say: the tables of :mod:`nl2efg.sandbox.policy.reader`."""

from __future__ import annotations

import typing

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
_NUMPY_RANDOM = (
    "Generator RandomState beta binomial choice default_rng dirichlet exponential gamma integers "
    "normal permutation poisson rand randint randn random random_sample seed shuffle uniform"
)
_DATACLASSES = "FrozenInstanceError asdict astuple dataclass field fields is_dataclass replace"
_OPERATOR = (
    "add and_ attrgetter concat contains countOf eq floordiv ge getitem gt index inv is_ is_not "
    "itemgetter le lt methodcaller mod mul ne neg not_ or_ pos pow sub truediv truth xor"
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
    "numpy": EVERYTHING,
    "numpy.linalg": EVERYTHING,
    "numpy.random": _words(_NUMPY_RANDOM),
    "operator": _words(_OPERATOR),
    "random": _words(_RANDOM),
    "statistics": _words(_STATISTICS),
    "string": _words(_STRING),
    "typing": frozenset(typing.__all__) - {"get_type_hints"},
}
"""Modules beside pygambit that may be imported, each with the names that may be used of it."""

REFUSED_OF_MODULES = {
    "numpy": _words(
        "char core ctypeslib dtypes emath exceptions f2py fft frombuffer fromfile fromregex "
        "from_dlpack genfromtxt get_include lib load loadtxt ma memmap polynomial rec save savetxt "
        "savez savez_compressed setbufsize seterrcall show_config show_runtime strings test "
        "testing typing"
    ),
}
"""Of modules of which everything else may be used: what reads files or memory, or is not loaded."""

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
ATTRIBUTE_GETTERS = frozenset(("attrgetter", "methodcaller"))

INNER_ATTRIBUTES = _words(
    "ag_await ag_code ag_frame co_code co_consts co_names cr_await cr_code cr_frame ctypeslib "
    "f_back f_builtins f_code f_globals f_locals f_trace func_code func_globals gi_code gi_frame "
    "gi_yieldfrom mro tb_frame tb_lasti tb_next tofile with_traceback"
)

DUNDERS = frozenset(
    f"__{word}__"
    for word in _words(
        "abs add all and annotations author bool bytes call cause ceil class class_getitem complex "
        "contains context copy date deepcopy del delattr delete delitem dict dir divmod doc email "
        "enter eq exit file float floor floordiv format ge get getattr getitem gt hash iadd iand "
        "idiv ifloordiv imod imul index init init_subclass instancecheck int invert ior ipow isub "
        "iter itruediv ixor le len length_hint license lt matmul missing mod module mul name ne "
        "neg new next notes or pos post_init pow qualname radd rand rdivmod repr reversed "
        "rfloordiv rmatmul rmod rmul ror round rpow rsub rtruediv rxor set set_name setattr "
        "setitem slots sizeof str sub subclasscheck subclasshook suppress_context truediv trunc "
        "version weakref xor"
    )
)
"""Methods that a class may define, and attributes that lead no further than ``type(x)`` does."""

MODULE_DUNDERS = frozenset(("__doc__", "__file__", "__name__", "__version__"))

PUBLIC_UNDERSCORES = _words(
    "_asdict _field_defaults _fields _generate_next_value_ _ignore_ _make _missing_ _name_ _order_ "
    "_replace _value_"
)
