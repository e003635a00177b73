"""Programs that attack: each with what an observer outside would see if it won.

The words ``ARENA``, ``TCP``, ``UDP``, ``UNIX``, ``SECRET_FILE`` and ``CALLER`` are replaced by a
writable folder, two ports, the path of a socket, a file that everybody may read, and the process
id of the application. A program harms only these, and is bounded even where nothing holds it.
"""

from __future__ import annotations

from dataclasses import dataclass

GAME = """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A", "B"], title="harmless")
g.append_move(g.root, "A", ["l", "r"])
for leaf in g.root.children:
    g.set_outcome(leaf, g.add_outcome([1, 2], label="pay"))
"""

_TOOLS = """
import sys
os = sys.modules["os"]; socket = sys.modules["socket"]; ctypes = sys.modules["ctypes"]
import time
libc = ctypes.CDLL(None, use_errno=True)
def mark(name):
    with open("ARENA/" + name, "w") as f: f.write("won")
"""


@dataclass(frozen=True)
class Program:
    """A hostile program.

    Args:
        name: which attack.
        code: what runs.
        sealed_only: it would reach other processes of the machine where seccomp does not hold it.
    """

    name: str
    code: str
    sealed_only: bool = False


def _file(name: str, code: str) -> Program:
    return Program(f"file: {name}", _TOOLS + code + GAME)


def _net(name: str, code: str) -> Program:
    return Program(f"network: {name}", _TOOLS + code + GAME)


def _secret(name: str, code: str) -> Program:
    return Program(f"secret: {name}", _TOOLS + code + GAME)


def _process(name: str, code: str, *, sealed_only: bool = False) -> Program:
    return Program(f"process: {name}", _TOOLS + code + GAME, sealed_only)


def _resource(name: str, code: str) -> Program:
    return Program(f"resource: {name}", code + GAME)


def _result(name: str, code: str) -> Program:
    return Program(f"result: {name}", _TOOLS + code)


def _sealed(name: str, code: str) -> Program:
    return Program(f"result: sealed: {name}", _SEALED + code)


_FORGED = """
import pygambit as gbt
from nl2efg.dialect.game_data import Execution, GameData
data = GameData(("A",), "FORGED", "", (), ((("1",), "x"),), ((-1, 0, ""),))
from nl2efg.sandbox.protocol.encoding import encode
frame = encode(Execution(data))
"""

_SEALED = """
def generator():
    match running:
        case object(gi_frame=frame):
            while frame is not None:
                match frame:
                    case object(f_locals=local, f_globals=outer, f_back=frame):
                        if "child" in local and "_tell" in outer:
                            found.append((outer["_tell"], local["child"].key, outer["os"]))
    yield
found = []
running = generator()
next(running)
tell, key, system = found[0]
match system:
    case object(_exit=leave): pass
def integers(numbers): return b"\\1" + len(numbers).to_bytes(4, "little") + b"".join(
    number.to_bytes(4, "little") for number in numbers)
def texts(count): return integers([1] * count) + b"\\2" + (2 * count).to_bytes(4, "little") + (
    "\u0416".encode() * count)
"""
"""Finds the job's key and how to seal with it, through frames that no dot and no name reads."""

_ESCAPES = '"\\x1b]0;owned\\x07\\x1b[31mred\\u202etxt\\u200b\\ud800\\x9b31m\\U000e0041"'

PROGRAMS = (
    _file("write", 'mark("w")\n'),
    _file("write with os", 'os.close(os.open("ARENA/o", os.O_CREAT | os.O_WRONLY))\n'),
    _file("make a folder", 'os.mkdir("ARENA/dir")\n'),
    _file("symbolic link", 'os.symlink("/etc/passwd", "ARENA/link")\n'),
    _file("fifo", 'os.mkfifo("ARENA/fifo")\n'),
    _file("truncate", 'os.truncate("ARENA/kept", 0)\n'),
    _file("delete", 'os.unlink("ARENA/kept")\n'),
    _file("rename", 'os.rename("ARENA/kept", "ARENA/moved")\n'),
    _file("mode", 'os.chmod("ARENA/kept", 0o777)\n'),
    _file("times", 'os.utime("ARENA/kept", (1, 1))\n'),
    _file("extended attribute", 'os.setxattr("ARENA/kept", "user.x", b"won")\n'),
    _file("by system call", 'libc.syscall(85, b"ARENA/raw", 0o644)\n'),
    _file("numpy saves", 'import numpy as np\nnp.save("ARENA/n.npy", np.zeros(3))\n'),
    _file("numpy tofile", 'import numpy as np\nnp.zeros(3).tofile("ARENA/t")\n'),
    _file("memory map", 'import numpy as np\nnp.memmap("ARENA/m", mode="w+", shape=3)\n'),
    _file("import machinery", 'import importlib.util as u\n'
          's = u.spec_from_file_location("x", "ARENA/kept.py")\nm = u.module_from_spec(s)\n'
          "s.loader.exec_module(m)\n"),
    _file("path of a game", 'import pygambit as gbt\nx = gbt.Game.new_tree(["A"])\n'
          'x.append_move(x.root, "A", ["l"])\n'
          'for name in ("write", "to_efg", "to_html", "save"):\n'
          '    try: getattr(x, name)("ARENA/game.efg")\n    except Exception: pass\n'),
    _file("log", 'import logging\nlogging.basicConfig(filename="ARENA/log")\nlogging.error("x")\n'),
    _file("io_uring", "import struct\np = ctypes.create_string_buffer(120)\n"
          "r = libc.syscall(425, 8, p)\nif r >= 0: mark('uring'); print('URING-OPENED')\n"),
    _net("TCP", 's = socket.socket(); s.connect(("127.0.0.1", TCP)); s.sendall(b"won")\n'),
    _net("UDP", "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
         's.sendto(b"won", ("127.0.0.1", UDP))\n'),
    _net("UDP by system call", "fd = libc.socket(2, 2, 0)\nimport struct\n"
         'a = struct.pack("<H", 2) + struct.pack(">H", UDP) + bytes([127, 0, 0, 1]) + bytes(8)\n'
         "libc.sendto(fd, b'won', 3, 0, a, 16)\n"),
    _net("path socket", "s = socket.socket(socket.AF_UNIX)\n"
         's.connect("UNIX")\ns.sendall(b"won")\n'),
    _net("name server", 's = socket.socket()\ns.connect((b"localhost", TCP)); s.sendall(b"won")\n'),
    _net("listening", "s = socket.socket()\ns.bind(('127.0.0.1', 0)); s.listen()\n"
         "print('LISTENING-WON')\n"),
    _net("inherited descriptors", "for fd in range(4, 1024):\n    try: os.write(fd, b'won')\n"
         "    except OSError: pass\n"),
    _secret("readable file", 'print(open("SECRET_FILE").read())\n'),
    _secret("readable file in an error", 'raise ValueError(open("SECRET_FILE").read())\n'),
    _secret("readable file in a label", 'word = open("SECRET_FILE").read()\n'
            "import pygambit as gbt\n"
            "g = gbt.Game.new_tree(players=[word])\ng.append_move(g.root, word, [word])\n"
            "raise SystemExit\n"),
    _secret("environment", "print(os.environ)\n"),
    _secret("environment of the caller", 'print(open("/proc/CALLER/environ").read())\n'),
    _secret("own environment", 'print(open("/proc/self/environ").read())\n'),
    _secret("memory of the caller", 'm = open("/proc/CALLER/maps").read()\n'
            "for line in m.splitlines():\n    if '[heap]' in line:\n"
            "        a, b = (int(x, 16) for x in line.split()[0].split('-'))\n"
            '        f = open("/proc/CALLER/mem", "rb"); f.seek(a); print(f.read(b - a))\n'),
    _secret("own memory", "import gc\nprint([s for s in gc.get_objects() if isinstance(s, dict)"
            " and 'NL2EFG_TEST_SECRET' in s])\n"),
    _secret("process_vm_readv", "r = libc.syscall(310, CALLER, 0, 0, 0, 0, 0)\n"
            "if r == 0: mark('vm')\n"),
    _secret("linecache", 'import linecache\nprint(linecache.getlines("SECRET_FILE"))\n'),
    _secret("home", "print(os.listdir(os.path.expanduser('~')), os.listdir('ARENA'))\n"),
    _process("program", 'os.system("echo won > ARENA/system")\n'),
    _process("exec", 'os.execv("/bin/sh", ["sh", "-c", "echo won > ARENA/exec"])\n'),
    _process("subprocess", "import subprocess\nsubprocess.run(['touch', 'ARENA/sub'])\n"),
    _process("memfd program", "fd = libc.syscall(319, b'x', 0)\nif fd >= 0: mark('memfd')\n"
             "os.write(fd, b'x' * 100)\nprint('MEMFD-WON')\n"),
    _process("executable memory", "import mmap\nm = mmap.mmap(-1, 4096, prot=7)\n"
             "print('EXECUTABLE-WON')\n"),
    _process("mprotect", "import mmap\nm = mmap.mmap(-1, 4096)\n"
             "a = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
             "if libc.mprotect(ctypes.c_void_p(a), 4096, 7) == 0: print('EXECUTABLE-WON')\n"),
    _process("fork away", "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
             "        time.sleep(20); mark('late')\n    os._exit(0)\n"),
    _process("fork bomb", "for _ in range(6):\n    os.fork()\ntime.sleep(2)\n"),
    _process("daemon that survives", "for _ in range(3):\n    if os.fork() == 0:\n"
             "        os.setsid(); time.sleep(60); os._exit(0)\n"),
    _process("threads", "import _thread\n"
             "[_thread.start_new_thread(time.sleep, (1,)) for _ in range(3)]\n"
             "print('THREADS-WON')\n"),
    _process("kill the worker", "os.kill(os.getppid(), 9); time.sleep(1)\n"),
    _process("stop the worker", "os.kill(os.getppid(), 19); time.sleep(1)\n"),
    _process("stop the child of the next job",
             "for pid in range(os.getpid() - 9, os.getpid() + 9):\n"
             "    if pid not in (os.getpid(), os.getppid()):\n"
             "        try: os.kill(pid, 19)\n        except OSError: pass\n", sealed_only=True),
    _process("kill the caller", "os.kill(CALLER, 9); time.sleep(1)\n"),
    _process("stop the caller", "os.kill(CALLER, 19); time.sleep(1)\n"),
    _process("kill everything", "os.kill(-1, 9)\n", sealed_only=True),
    _process("kill everything by a failed getppid", "os.kill(libc.getppid() or -1, 9)\n",
             sealed_only=True),
    _process("queue a signal", "libc.sigqueue(CALLER, 9, 0); time.sleep(1)\n"),
    _process("pidfd", "fd = os.pidfd_open(CALLER)\n"
             "libc.syscall(424, fd, 9, 0, 0); time.sleep(1)\n"),
    _process("ptrace", "r = libc.ptrace(16, CALLER, 0, 0)\nif r == 0: mark('ptrace')\n"),
    _process("priority", "os.setpriority(os.PRIO_PROCESS, CALLER, 19); mark2 = 1\n"
             "if os.getpriority(os.PRIO_PROCESS, CALLER) == 19: print('PRIORITY-WON')\n"),
    _process("limits of the caller", "import resource\n"
             "resource.prlimit(CALLER, resource.RLIMIT_NOFILE, (10, 10)); print('PRLIMIT-WON')\n"),
    _process("namespaces", "r = libc.unshare(0x10000000)\nif r == 0: print('NAMESPACE-WON')\n"),
    _process("become root", "os.setuid(0); mark('root')\n"),
    _process("keys of the kernel", "r = libc.syscall(248, b'user', b'k', b'v', 1, -3)\n"
             "if r > 0: print('KEYRING-WON')\n"),
    _process("shared memory", "r = libc.shmget(77, 4096, 0o1666)\nif r >= 0:\n"
             "    libc.shmctl(r, 0, 0); print('SHARED-MEMORY-WON')\n"),
    _process("message queue", "r = libc.syscall(240, b'nl2efg', 66, 0o600, 0)\n"
             "if r >= 0: libc.syscall(241, b'nl2efg'); print('QUEUE-WON')\n"),
    _resource("endless loop", "while True: pass\n"),
    _resource("endless loop that catches", "while True:\n    try:\n        while True: pass\n"
              "    except BaseException: pass\n"),
    _resource("loop in C", "import itertools\nsum(itertools.repeat(0))\n"),
    _resource("big power", "x = 9 ** 9 ** 9\n"),
    _resource("big factorial", "import math\nmath.factorial(10 ** 8)\n"),
    _resource("regular expression", "import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n"),
    _resource("sleep", "import time\ntime.sleep(60)\n"),
    _resource("sleep by select", "import select\nselect.select([], [], [], 60)\n"),
    _resource("wait for input", "input()\n"),
    _resource("ignored signals", "import signal\nfor s in range(1, 65):\n"
              "    try: signal.signal(s, signal.SIG_IGN)\n    except Exception: pass\n"
              "while True: pass\n"),
    _resource("memory", "x = []\nfor _ in range(40): x.append(bytearray(100_000_000))\n"
              "import time\ntime.sleep(1)\n"),
    _resource("memory of numpy", "import numpy as np\nx = np.ones(400_000_000)\n"
              "import time\ntime.sleep(1)\n"),
    _resource("shared mapping", "import mmap\nm = mmap.mmap(-1, 3_000_000_000)\n"
              "for i in range(0, len(m), 4096): m[i] = 1\n"),
    _resource("flood of output", "while True: print('x' * 100_000)\n"),
    _resource("recursion", "def f(): f()\nf()\n"),
    _resource("recursion without a limit", "import sys\nsys.setrecursionlimit(10**9)\n"
              "def f(x): return f([x]) if x else f([x])\nf(0)\n"),
    _resource("nested brackets", "x = " + "[" * 5000 + "]" * 5000 + "\n"),
    _resource("wide node", 'import pygambit as gbt\nh = gbt.Game.new_tree(["A"])\n'
              'h.append_move(h.root, "A", [str(i) for i in range(10**7)])\n'),
    _resource("deep tree", 'import pygambit as gbt\nh = gbt.Game.new_tree(["A"])\nn = h.root\n'
              'while True:\n    h.append_move(n, "A", ["a"]); n = n.children[0]\n'),
    _resource("doubling copies", 'import pygambit as gbt\nh = gbt.Game.new_tree(["A"])\n'
              'h.append_move(h.root, "A", ["a", "b"])\nwhile True:\n'
              "    leaf = [n for n in h.nodes if n.is_terminal][0]\n"
              "    h.copy_tree(h.root, leaf)\n"),
    _resource("long label", 'import pygambit as gbt\nh = gbt.Game.new_tree(["A" * 10**8])\n'
              'h.append_move(h.root, "A" * 10**8, ["x" * 10**8])\ng = h\nraise SystemExit\n'),
    _resource("long number", 'import pygambit as gbt\nh = gbt.Game.new_tree(["A"])\n'
              'h.append_move(h.root, "A", ["a"])\n'
              "h.set_outcome(h.root.children[0], h.add_outcome([10 ** 4000]))\nraise SystemExit\n"),
    _result("fake result printed", _FORGED + "os.write(1, frame)\nprint(frame)\nos._exit(0)\n"),
    _result("every descriptor", _FORGED + "for fd in range(64):\n    try: os.write(fd, frame)\n"
            "    except OSError: pass\nos._exit(0)\n"),
    _result("every descriptor, then a game", _FORGED + "for fd in range(64):\n"
            "    try: os.write(fd, frame)\n    except OSError: pass\n" + GAME),
    _result("sealed with a guessed key", _FORGED + "import hashlib\n"
            "b = b'R' + frame\nos.write(3, hashlib.blake2b(b, key=b'0' * 32,"
            " digest_size=32).digest() + b)\nos._exit(0)\n"),
    _result("early exit", "os._exit(0)\n"),
    _result("closed channel", "os.close(3)\n" + GAME),
    _result("half a frame", "os.write(3, b'x' * 20)\nwhile True: pass\n"),
    _result("flood of the channel", "while True: os.write(3, b'x' * 65536)\n"),
    _result("crash", "ctypes.string_at(0)\n"),
    _result("poison builtins", "import builtins\nbuiltins.len = builtins.print = None\n" + GAME),
    _result("poison modules", "import fractions, pygambit as gbt\nfractions.Fraction = int\n"
            "gbt.Game.append_move = lambda *a: None\ngbt.Game.new_tree = None\n"),
    _result("poison at exit", "import atexit\natexit.register(mark, 'atexit')\n" + GAME),
    _result("escape sequences in labels", "import pygambit as gbt\nt = " + _ESCAPES + "\n"
            "g = gbt.Game.new_tree(players=[t], title=t)\ng.append_move(g.root, t, [t])\n"
            "g.set_outcome(g.root.children[0], g.add_outcome([1], label=t))\n"),
    Program("result: escape sequences in a note of labels", GAME +
            "g.comment = '[labels: p:A=%1B%5B31mX t:=%C2%9B31m a:l=%E2%80%AE]'\n"),
    Program("result: escape sequences in a note of a file", "import pygambit as gbt\n"
            "g = gbt.Game.parse_game('EFG 2 R \"t\" { \"A\" } \"[labels: p:A=%1B%5B31m]\" "
            "p \"\" 1 1 \"\" { \"a\" } 0 t \"\" 0')\n"),
    _sealed("that it could not be locked down", "tell(key, b'Upwned')\n"),
    _sealed("that it could not be locked down, then a game", "tell(key, b'U\x1b[31m')\n" + GAME),
    _sealed("that it was locked down, again", "tell(key, b'L')\n" + GAME),
    _sealed("an unknown kind", "tell(key, b'Z')\n"),
    _sealed("nothing", "tell(key, b'')\n"),
    _sealed("a result without a run", "tell(key, b'RN2E1')\nleave(0)\n"),
    _sealed("two results", "tell(key, b'RN2E1')\ntell(key, b'RN2E1')\nleave(0)\n"),
    _sealed("400,000 diagnostics", "tell(key, b'RN2E1' + texts(400_000))\nleave(0)\n"),
    _sealed("a history of 400,000 steps", "one = texts(1)\n"
            "tell(key, b'RN2E1' + b''.join([texts(1), one, one, integers([0]), texts(1),"
            " integers([0]), texts(1), integers([1]), integers([400_000]), texts(400_000)]))\n"
            "leave(0)\n"),
    _result("escape sequences printed", "print(" + _ESCAPES + ")\n"),
    _result("escape sequences in an error", "raise ValueError(" + _ESCAPES + ")\n"),
)  # fmt: skip
"""Every hostile program."""

BENIGN = {
    "functions and recursion": """
import pygambit as gbt
g = gbt.Game.new_tree(players=["A", "B"], title="recursive")
def grow(node, depth):
    if depth == 0:
        g.set_outcome(node, g.add_outcome([depth, -depth]))
        return
    g.append_move(node, ("A", "B")[depth % 2], ["l", "r"])
    for child in node.children:
        grow(child, depth - 1)
if __name__ == "__main__":
    grow(g.root, 3)
""",
    "classes": """
import pygambit as gbt
from dataclasses import dataclass
@dataclass
class Pay:
    first: int
    second: int
    def __post_init__(self):
        self._both = [self.first, self.second]
    def __repr__(self):
        return f"Pay({self.first}, {self.second})"
class Maker:
    def __init__(self):
        self._game = gbt.Game.new_tree(players=["A", "B"], title="made")
    def make(self):
        self._game.append_move(self._game.root, "A", ["l", "r"])
        for number, leaf in enumerate(self._game.root.children):
            pay = Pay(number, -number)
            print(pay, pay.__class__.__name__)
            self._game.set_outcome(leaf, self._game.add_outcome(pay._both, label=str(pay)))
        return self._game
g = Maker().make()
""",
    "numpy payoffs": """
import numpy as np
import pygambit as gbt
payoffs = np.array([[3, 0], [5, 1]])
g = gbt.Game.new_tree(players=["A", "B"], title="array")
g.append_move(g.root, "A", ["C", "D"])
for i, child in enumerate(g.root.children):
    g.set_outcome(child, g.add_outcome([int(payoffs[i, 0]), int(payoffs[i][1])]))
""",
    "dictionaries, comprehensions, try": """
import pygambit as gbt
from fractions import Fraction
from itertools import product
from collections import defaultdict
import math, random
g = gbt.Game.new_tree(players=["A", "B"], title="dictionary")
g.append_move(g.root, g.players.chance, ["H", "T"])
g.set_chance_probs(g.root.infoset, [Fraction(1, 2), Fraction(1, 2)])
nodes = {label: node for label, node in zip(["H", "T"], g.root.children)}
for name, node in nodes.items():
    g.append_move(node, "A", ["x", "y"])
g.set_infoset(nodes["T"], nodes["H"].infoset)
sums = defaultdict(int)
for (coin, node), (i, leaf) in product(nodes.items(), enumerate(["x", "y"])):
    sums[coin] += i
    try:
        g.set_outcome(node.children[i], g.add_outcome([i, math.floor(1.5)], label=coin + leaf))
    except ValueError as error:
        print("{} went wrong: {!r}".format(coin, error))
print("built %d" % len(nodes), random.random() < 1)
""",
}
"""Programs as models write them, which the policy and the locks must not refuse."""
