"""Writes OLE compound files (MS-CFB) of the smallest kind: 512-byte sectors."""
import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams, root_class=bytes(16), mini=False):
    """`streams`: pairs of path and bytes; storages are named by the way.

    Streams of less than 4096 bytes go where small streams are kept if `mini`, and are filled up otherwise.
    """
    entries = [["Root Entry", 5, END, 0, []]]
    sectors = []
    small, small_table = b"", []

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

    def put(content):
        """Answers the first sector; as many as are needed follow each other."""
        first = len(sectors)
        content += bytes(-len(content) % 512)
        sectors.extend(content[at:at + 512] for at in range(0, len(content), 512))
        chains.append((first, len(sectors)))
        return first

    for path, content in streams:
        entry = add(path.split("/"))
        if mini and len(content) < 4096:
            pieces = -(-len(content) // 64)
            first = len(small_table)
            entries[entry][1:4] = [2, first if content else END, len(content)]
            small_table += [first + piece + 1 for piece in range(pieces - 1)] + [END] * (pieces > 0)
            small += content.ljust(pieces * 64, b"\0")
        else:
            content = content + bytes(max(0, 4096 - len(content)))
            entries[entry][1:4] = [2, put(content), len(content)]
    small_first = END
    if small:
        entries[0][2:4] = [put(small), len(small)]
        small_table += [FREE] * (-len(small_table) % 128)
        small_first = put(struct.pack(f"<{len(small_table)}I", *small_table))
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
    first = put(directory)
    tables = (len(sectors) + 127) // 127
    table = [FREE] * (128 * tables)
    for begin, end in chains:
        for sector in range(begin, end):
            table[sector] = sector + 1 if sector + 1 < end else END
    places = range(len(sectors), len(sectors) + tables)
    for place in places:
        table[place] = TABLE
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, first, 0, 4096, small_first, len(small_table) // 128, END, 0)
    header += struct.pack("<109I", *places, *[FREE] * (109 - tables))
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)
