#!/usr/bin/env python3
"""Drives the daemon with aiotus, a client for asyncio: python3 with_aiotus.py"""
import asyncio
import logging

import aiotus

from stage import stage

SIZE = 3_000_000


def metadata(stage):
    return {"child": stage.child.encode(), "filename": b"words.txt"}


async def upload(stage, path, endpoint, **options):
    with open(path, "rb") as file:
        return await aiotus.upload(
            endpoint, file, metadata(stage), headers=stage.headers,
            config=aiotus.RetryConfiguration(retry_attempts=5, max_retry_period_seconds=1), **options)


async def whole(stage):
    path = stage.file("whole.txt", SIZE)
    location = await upload(stage, path, stage.direct("/uploads"), chunksize=500_000)
    stage.step("a file in chunks", location is not None, f"its location has {len(str(location))} letters")
    if location:
        stage.compare("its bytes", stage.artefact(location), path)
        known = await aiotus.metadata(location, headers=stage.headers)
        stage.step("its metadata, after its end", known == metadata(stage), sorted(known or {}))


async def after_a_cut(stage):
    path, before = stage.file("cut.txt", SIZE), stage.resumed()
    running = asyncio.create_task(upload(stage, path, stage.by_line("/uploads"), chunksize=SIZE * 2))
    await asyncio.to_thread(stage.tell, "rate 2000000")
    await asyncio.sleep(0.7)
    await asyncio.to_thread(stage.tell, "rst")
    await asyncio.to_thread(stage.tell, "clear")
    location = await running
    resumed = stage.resumed() - before
    stage.step("reset in the middle of its only request", location is not None and resumed > 0,
               f"it resumes by itself, requests that went on {resumed:.0f}")
    if location:
        stage.compare("its bytes", stage.artefact(location), path)


async def after_a_kill(stage):
    path = stage.file("kill.txt", SIZE)
    stage.tell("rate 2000000")
    running = asyncio.create_task(upload(stage, path, stage.by_line("/uploads"), chunksize=400_000))
    await asyncio.sleep(0.7)
    await asyncio.to_thread(stage.kill_and_start)
    await asyncio.to_thread(stage.tell, "clear")
    location = await running
    stage.step("the daemon killed and started again", location is not None, "it resumes by itself")
    if location:
        stage.compare("its bytes", stage.artefact(location), path)


async def in_parts(stage):
    """Partial uploads beside one another, put together at the end."""
    paths = [stage.file(f"part-{number}.txt", SIZE) for number in range(3)]
    files = [open(path, "rb") for path in paths]
    location = await aiotus.upload_multiple(
        stage.direct("/uploads"), files, metadata(stage), headers=stage.headers, chunksize=700_000)
    for file in files:
        file.close()
    stage.step("three partial uploads put together", location is not None, "a final upload")
    if location:
        together = stage.file("together.txt", 0)
        with open(together, "wb") as whole:
            for path in paths:
                with open(path, "rb") as part:
                    whole.write(part.read())
        stage.compare("its bytes", stage.artefact(location), together)


async def run(stage):
    await whole(stage)
    await after_a_cut(stage)
    await after_a_kill(stage)
    await in_parts(stage)


logging.getLogger("aiotus").setLevel(logging.CRITICAL)
with stage("aiotus") as it:
    asyncio.run(run(it))
