"""The reader of codes in Chromium: turned, aslant, blurred, in noise and shadow, and never a wrong answer."""

import base64
import io
import random
from typing import Any

import pytest
import segno

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READ = """
async ({ image, jobs }) => {
  const { read } = await import("/static/attendance/js/qr.js");
  const picture = new Image();
  picture.src = image;
  await picture.decode();
  return jobs.map((job) => {
    const canvas = new OffscreenCanvas(640, 480);
    const pen = canvas.getContext("2d");
    pen.fillStyle = job.ground;
    pen.fillRect(0, 0, 640, 480);
    pen.translate(job.x, job.y);
    pen.rotate(job.turn);
    pen.transform(1, job.slant, job.lean, 1, 0, 0);
    pen.scale(job.size / picture.width, job.size / picture.width);
    pen.filter = job.blur ? `blur(${job.blur}px)` : "none";
    pen.drawImage(picture, -picture.width / 2, -picture.height / 2);
    pen.resetTransform();
    const seen = pen.getImageData(0, 0, 640, 480);
    let seed = job.seed;
    for (let i = 0; i < seen.data.length; i += 4) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      const shade = 1 - (job.shade * ((i / 4) % 640)) / 640;
      for (let k = 0; k < 3; k += 1) seen.data[i + k] = (seen.data[i + k] + (seed / 0x7fffffff - 0.5) * job.noise) * shade;
    }
    return read(seen);
  });
}
"""


def seen_as(chance: random.Random, seed: int) -> dict[str, Any]:
    return {
        "x": 320 + chance.uniform(-50, 50), "y": 240 + chance.uniform(-20, 20), "turn": chance.uniform(-3.1, 3.1),
        "slant": chance.uniform(-0.12, 0.12), "lean": chance.uniform(-0.12, 0.12), "size": chance.uniform(180, 330),
        "blur": chance.choice([0, 0, 2]), "noise": chance.choice([0, 20, 40]), "shade": chance.choice([0, 0.3, 0.6]),
        "seed": seed, "ground": chance.choice(["#ccc", "#fff", "#654"]),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "error", "least"),
    [("KEYUAN:7K2MQX", "q", 16), ("KEYUAN:7K2MQX", "l", 16), ("0123456789", "h", 14), ("https://example.com/a?b=12", "m", 12)],
)  # fmt: skip
def test_codes_are_read_however_they_are_held_and_nothing_is_read_wrong(
    new_screen: Any, text: str, error: str, least: int
) -> None:
    chance = random.Random(4)  # noqa: S311 - the same pictures each time
    drawn = io.BytesIO()
    segno.make(text, micro=False, error=error, boost_error=False).save(drawn, kind="png", scale=10, border=4)
    image = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
    page = new_screen("desk").open("/accounts/login/")
    found = page.evaluate(READ, {"image": image, "jobs": [seen_as(chance, n + 1) for n in range(20)]})
    assert set(found) <= {text, None}
    assert found.count(text) >= least
