"""What a binary asks of the system, read from its own headers: the machine it is for, and the libraries it loads."""
import struct

from releasing.pins import Failed

ELF_MACHINES = {62: "linux-x86_64", 183: "linux-aarch64"}
MACHO_MACHINES = {0x01000007: "macos-x86_64", 0x0100000C: "macos-arm64"}
PT_DYNAMIC, PT_INTERP, PT_GNU_STACK, DT_NEEDED, EXECUTABLE = 2, 3, 0x6474E551, 1, 1
LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB, LC_CODE_SIGNATURE, LC_BUILD_VERSION = 0xC, 0x80000018, 0x8000001F, 0x1D, 0x32
SYSTEM_LIBRARIES = {"/usr/lib/libSystem.B.dylib"}


def read_elf(data):
    machine = struct.unpack_from("<H", data, 18)[0]
    offset, size, count = struct.unpack_from("<Q", data, 32)[0], *struct.unpack_from("<HH", data, 54)
    asks = []
    for i in range(count):
        kind, flags, start = struct.unpack_from("<IIQ", data, offset + i * size)
        length = struct.unpack_from("<Q", data, offset + i * size + 32)[0]
        if kind == PT_INTERP:
            asks.append(data[start:start + length].rstrip(b"\0").decode())
        if kind == PT_DYNAMIC:
            asks += ["a shared library" for at in range(start, start + length, 16)
                     if struct.unpack_from("<q", data, at)[0] == DT_NEEDED]
        if kind == PT_GNU_STACK and flags & EXECUTABLE:
            asks.append("an executable stack")
    return ELF_MACHINES.get(machine), asks


def read_macho(data):
    machine, count = struct.unpack_from("<I", data, 4)[0], struct.unpack_from("<I", data, 16)[0]
    at, asks, signed, oldest = 32, [], False, None
    for _ in range(count):
        command, size = struct.unpack_from("<II", data, at)
        if command in (LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB):
            start = at + struct.unpack_from("<I", data, at + 8)[0]
            asks.append(data[start:at + size].rstrip(b"\0").decode())
        if command == LC_CODE_SIGNATURE:
            signed = True
        if command == LC_BUILD_VERSION:
            oldest = struct.unpack_from("<I", data, at + 12)[0] >> 16
        at += size
    target = MACHO_MACHINES.get(machine)
    asks = [library for library in asks if library not in SYSTEM_LIBRARIES]
    if target == "macos-arm64" and not signed:
        asks.append("a code signature, which it does not have")
    if oldest is None or oldest > 11:
        asks.append(f"macOS {oldest}")
    return target, asks


def check_image(path, target):
    """Raises Failed where the program at `path` is not for `target`, or asks for more than that system itself."""
    data = path.read_bytes()
    read = {b"\x7fELF": read_elf, b"\xcf\xfa\xed\xfe": read_macho}.get(data[:4])
    if not read:
        raise Failed(f"{path} is neither ELF nor Mach-O")
    found, asks = read(data)
    if found != target:
        raise Failed(f"{path} is for {found}, not for {target}")
    if asks:
        raise Failed(f"{path} asks for {', '.join(asks)}")
