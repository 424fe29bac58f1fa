"""The archive: records that read back as they were written, whatever was cut off or spoilt in between."""

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive, check, read_warc, sound_length, warc_files
from crawler.errors import ArchiveError

AT = datetime(2026, 1, 6, 2, 30, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Content-Length", "9"), ("ETag", '"é"'))


def opened(folder):
    return Archive(folder, lambda: AT)


def fill(folder, count):
    with opened(folder) as archive:
        return [archive.write(f"https://a.example/{i}", 200, HEADERS, f"trang {i}".encode(), AT) for i in range(count)]


def test_what_is_written_is_read_again(tmp_path):
    places = fill(tmp_path, 3)
    pages = list(read_warc(warc_files(tmp_path)[0]))
    assert [(page.file, page.offset) for page in pages] == places
    assert [page.body.decode() for page in pages] == ["trang 0", "trang 1", "trang 2"]
    assert (pages[0].url, pages[0].status, pages[0].fetched_at) == ("https://a.example/0", 200, AT)
    assert dict(pages[0].headers)["X-Archive-Orig-Content-Encoding"] == "gzip"
    assert check(tmp_path) == []


def test_each_record_is_a_gzip_member_of_its_own(tmp_path):
    (_, first), (_, second) = fill(tmp_path, 2)
    data = warc_files(tmp_path)[0].read_bytes()
    assert gzip.decompress(data[first:second]).startswith(b"WARC/1.1\r\n")
    assert b"WARC-Type: response" in gzip.decompress(data[second:])


def test_a_revisit_record_has_no_body(tmp_path):
    with opened(tmp_path) as archive:
        _, offset = archive.revisit("https://a.example/1", 304, [("ETag", '"1"')], AT)
    record = gzip.decompress(warc_files(tmp_path)[0].read_bytes()[offset:])
    assert b"WARC-Type: revisit" in record
    assert b"server-not-modified" in record
    assert list(read_warc(warc_files(tmp_path)[0])) == []


def test_a_later_crawl_appends_to_the_same_file(tmp_path):
    assert fill(tmp_path, 1)[0][0] == fill(tmp_path, 1)[0][0]
    assert len(list(read_warc(warc_files(tmp_path)[0]))) == 2


def test_full_files_are_followed_by_new_ones_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr("crawler.archive.LARGEST", 500)
    names = [name for name, _ in fill(tmp_path, 3)]
    assert names == [path.name for path in warc_files(tmp_path)]
    assert len(set(names)) == 3


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(1, 2000))
def test_a_tail_cut_anywhere_is_repaired_and_seen(tmp_path_factory, cut):
    folder = tmp_path_factory.mktemp("warc")
    places = fill(folder, 4)
    path = warc_files(folder)[0]
    data = path.read_bytes()
    kept = max(0, len(data) - cut)
    path.write_bytes(data[:kept])
    whole = [
        offset for (_, offset), end in zip(places, [o for _, o in places[1:]] + [len(data)], strict=True) if end <= kept
    ]
    assert sound_length(path) <= kept
    if sound_length(path) < kept:
        assert check(folder) != []
        with pytest.raises(ArchiveError, match="damaged from byte"):
            list(read_warc(path))
    with opened(folder) as archive:
        archive.write("https://a.example/new", 200, HEADERS, b"sau", AT)
    assert check(folder) == []
    bodies = [page.body.decode() for page in read_warc(warc_files(folder)[-1])]
    assert bodies == [f"trang {i}" for i in range(len(whole))] + ["sau"]


def test_spoilt_bytes_are_found(tmp_path):
    fill(tmp_path, 3)
    path = warc_files(tmp_path)[0]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    assert check(tmp_path) != []


def test_one_writer_at_a_time(tmp_path):
    with opened(tmp_path), pytest.raises(ArchiveError, match="another crawl"):
        opened(tmp_path)
    opened(tmp_path).close()


def test_a_write_that_fails_leaves_nothing_half_written(tmp_path, monkeypatch):
    fill(tmp_path, 1)
    with opened(tmp_path) as archive:
        monkeypatch.setattr("crawler.archive.os.fsync", _full)
        with pytest.raises(ArchiveError, match="free some space"):
            archive.write("https://a.example/x", 200, HEADERS, b"y" * 5000, AT)
    monkeypatch.undo()
    assert check(tmp_path) == []
    assert len(list(read_warc(warc_files(tmp_path)[0]))) == 1


def _full(_):
    raise OSError(28, "No space left on device")


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="cannot be written"):
        opened(tmp_path / "file" / "archive")


def test_plain_warc_files_and_what_is_none(tmp_path):
    fill(tmp_path, 2)
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(warc_files(tmp_path)[0].read_bytes()))
    assert [page.body for page in read_warc(plain)] == [b"trang 0", b"trang 1"]
    plain.write_bytes(plain.read_bytes()[:-30])
    with pytest.raises(ArchiveError, match="damaged"):
        list(read_warc(plain))
    plain.write_bytes(b"not a WARC file")
    with pytest.raises(ArchiveError, match="no WARC file"):
        list(read_warc(plain))
    with pytest.raises(ArchiveError, match="cannot be read"):
        list(read_warc(tmp_path / "none.warc.gz"))
