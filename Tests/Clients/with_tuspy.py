#!/usr/bin/env python3
"""Drives the daemon with tuspy, the Python client of the tus project: python3 with_tuspy.py"""
from tusclient import client
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from stage import stage

SIZE = 3_000_000


def uploader(stage, path, endpoint, **options):
    return client.TusClient(endpoint, headers=stage.headers).uploader(
        path, chunk_size=500_000, metadata={"child": stage.child, "filename": "words.txt"}, **options)


def whole(stage, checksum):
    path = stage.file(f"whole-{checksum}.txt", SIZE)
    one = uploader(stage, path, stage.direct("/uploads"), upload_checksum=checksum)
    one.upload()
    stage.step(f"a file in chunks, upload_checksum={checksum}", one.offset == one.get_file_size(),
               f"last answer {one.request.status_code}, upload-offset {one.offset}")
    stage.compare("its bytes", stage.artefact(one.url), path)


def after_a_stop(stage):
    path = stage.file("stop.txt", SIZE)
    first = uploader(stage, path, stage.direct("/uploads"))
    first.upload(stop_at=1_000_000)
    second = uploader(stage, path, stage.direct("/uploads"), url=first.url)
    stage.step("stopped, and resumed by its URL", second.offset == 1_000_000, f"HEAD says {second.offset}")
    second.upload()
    stage.compare("its bytes", stage.artefact(second.url), path)


def after_a_cut(stage):
    path = stage.file("cut.txt", SIZE)
    one = uploader(stage, path, stage.by_line("/uploads"))
    one.upload(stop_at=500_000)
    one.stop_at = one.get_file_size()
    stage.tell("cut_after 200000")
    try:
        one.upload_chunk()
        seen = "no error"
    except (TusUploadFailed, TusCommunicationError) as error:
        seen = type(error).__name__
    again = uploader(stage, path, stage.by_line("/uploads"), url=one.url)
    stage.step("cut after 200 kB of a request", seen == "TusUploadFailed" and 500_000 <= again.offset < 1_000_000,
               f"{seen}, then HEAD says {again.offset}")
    again.upload()
    stage.compare("its bytes", stage.artefact(again.url), path)


def with_retries(stage):
    path = stage.file("retries.txt", SIZE)
    one = uploader(stage, path, stage.by_line("/uploads"), retries=3, retry_delay=1, upload_checksum=True)
    one.upload(stop_at=500_000)
    stage.tell("cut_reply 0")
    one.upload()
    stage.step("a lost reply, and retries=3 with checksums", one.offset == one.get_file_size(),
               f"upload-offset {one.offset}")
    stage.compare("its bytes", stage.artefact(one.url), path)


def after_a_kill(stage):
    path = stage.file("kill.txt", SIZE)
    first = uploader(stage, path, stage.direct("/uploads"))
    first.upload(stop_at=1_500_000)
    stage.kill_and_start()
    second = uploader(stage, path, stage.direct("/uploads"), url=first.url)
    stage.step("the daemon killed and started again", second.offset == 1_500_000, f"HEAD says {second.offset}")
    second.upload()
    stage.compare("its bytes", stage.artefact(second.url), path)


with stage("tuspy") as it:
    whole(it, False)
    whole(it, True)
    after_a_stop(it)
    after_a_cut(it)
    with_retries(it)
    after_a_kill(it)
