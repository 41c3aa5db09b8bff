"""Writes OLE compound files (MS-CFB) of the smallest kind: 512-byte sectors, no streams of less than a sector."""
import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams, root_class=bytes(16)):
    """`streams`: pairs of path and bytes; storages are named by the way. All streams are made 4096 bytes or more."""
    entries = [["Root Entry", 5, END, 0, []]]
    sectors = []

    def add(path):
        parent = 0
        for part in path:
            for child in entries[parent][4]:
                if entries[child][0] == part:
                    parent = child
                    break
            else:
                entries.append([part, 1, 0, 0, []])
                entries[parent][4].append(len(entries) - 1)
                parent = len(entries) - 1
        return parent

    chains = []
    for path, content in streams:
        entry = add(path.split("/"))
        content = content + bytes(max(0, 4096 - len(content)))
        entries[entry][1:4] = [2, len(sectors), len(content)]
        content += bytes(-len(content) % 512)
        first = len(sectors)
        sectors += [content[at:at + 512] for at in range(0, len(content), 512)]
        chains.append((first, len(sectors)))
    directory = b""
    siblings = {}
    for _, _, _, _, children in entries:
        for this, following in zip(children, children[1:]):
            siblings[this] = following
    for index, (name, kind, start, size, children) in enumerate(entries):
        text = name.encode("utf-16-le") + b"\0\0"
        directory += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, FREE, siblings.get(index, FREE),
                                                         children[0] if children else FREE)
        directory += (root_class if index == 0 else bytes(16)) + bytes(4) + bytes(16) + struct.pack("<IQ", start, size)
    directory += bytes(-len(directory) % 512)
    first = len(sectors)
    sectors += [directory[at:at + 512] for at in range(0, len(directory), 512)]
    chains.append((first, len(sectors)))
    tables = (len(sectors) + 127) // 127
    table = [FREE] * (128 * tables)
    for begin, end in chains:
        for sector in range(begin, end):
            table[sector] = sector + 1 if sector + 1 < end else END
    places = range(len(sectors), len(sectors) + tables)
    for place in places:
        table[place] = TABLE
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, first, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)
