// Reads small QR codes (versions 1 to 4 of ISO/IEC 18004, larger than any personal code) from a picture, without a
// network and where the browser has no detector of its own.
const BLOCKS = [ // per version, for the levels L M Q H: check words a block, blocks
  [[7, 1], [10, 1], [13, 1], [17, 1]], [[10, 1], [16, 1], [22, 1], [28, 1]],
  [[15, 1], [26, 1], [18, 2], [22, 2]], [[20, 1], [18, 2], [26, 2], [16, 4]],
];
const WORDS = [26, 44, 70, 100];
const LEVEL = { 1: 0, 0: 1, 3: 2, 2: 3 };
const MASKS = [
  (x, y) => (x + y) % 2 === 0, (x, y) => y % 2 === 0, (x) => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

// --- the field of 256 ---------------------------------------------------------------------------------------------
const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value = (value << 1) ^ (value & 128 ? 0x11d : 0);
}
const times = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);
const over = (a, b) => (a ? EXP[LOG[a] + 255 - LOG[b]] : 0);
const at = (poly, x) => poly.reduceRight((sum, factor) => times(sum, x) ^ factor, 0); // lowest power first

// The words of one block put right, or null when more went wrong than its check words can mend.
function mended(words, checks) {
  const length = words.length;
  const syndromes = Array.from({ length: checks }, (_, i) => words.reduce((sum, word) => times(sum, EXP[i]) ^ word, 0));
  if (syndromes.every((value) => value === 0)) return words;
  let [locator, before, degree, gap, last] = [[1], [1], 0, 1, 1];
  for (let n = 0; n < checks; n += 1) {
    let wrong = syndromes[n];
    for (let i = 1; i <= degree; i += 1) wrong ^= times(locator[i] ?? 0, syndromes[n - i]);
    if (wrong === 0) { gap += 1; continue; }
    const next = locator.slice();
    const factor = over(wrong, last);
    before.forEach((value, i) => { next[i + gap] = (next[i + gap] ?? 0) ^ times(factor, value); });
    for (let i = 0; i < next.length; i += 1) next[i] ??= 0;
    if (2 * degree <= n) [before, last, degree, gap] = [locator, wrong, n + 1 - degree, 1];
    else gap += 1;
    locator = next;
  }
  const places = [];
  for (let place = 0; place < length; place += 1) if (at(locator, EXP[(255 - place) % 255]) === 0) places.push(place);
  if (places.length !== degree || degree * 2 > checks) return null;
  const evaluator = Array.from({ length: checks }, (_, i) => locator.slice(0, i + 1).reduce((sum, value, j) => sum ^ times(value, syndromes[i - j]), 0));
  const result = words.slice();
  for (const place of places) {
    const inverse = EXP[(255 - place) % 255];
    const slope = locator.reduce((sum, value, i) => (i % 2 ? sum ^ times(value, EXP[(LOG[inverse] * (i - 1)) % 255]) : sum), 0);
    if (slope === 0) return null;
    result[length - 1 - place] ^= times(EXP[place], over(at(evaluator, inverse), slope));
  }
  return result;
}

// --- from modules to text -----------------------------------------------------------------------------------------
function formats() {
  return Array.from({ length: 32 }, (_, data) => {
    let rest = data << 10;
    for (let bit = 14; bit >= 10; bit -= 1) if (rest & (1 << bit)) rest ^= 0x537 << (bit - 10);
    return ((data << 10) | rest) ^ 0x5412;
  });
}
const FORMATS = formats();
const weight = (bits) => bits.toString(2).replaceAll("0", "").length;

function format(dark, size) {
  let [one, two] = [0, 0];
  for (let bit = 0; bit < 15; bit += 1) {
    const [x, y] = bit < 6 ? [8, bit] : bit === 6 ? [8, 7] : bit === 7 ? [8, 8] : bit === 8 ? [7, 8] : [14 - bit, 8];
    if (dark(x, y)) one |= 1 << bit;
    if (bit < 8 ? dark(size - 1 - bit, 8) : dark(8, size - 15 + bit)) two |= 1 << bit;
  }
  let best = [4, 0];
  FORMATS.forEach((code, data) => {
    const far = Math.min(weight(code ^ one), weight(code ^ two));
    if (far < best[0]) best = [far, data];
  });
  return best[0] <= 3 ? best[1] : null;
}

function fixed(x, y, size) {
  if ((x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8) || x === 6 || y === 6) return true;
  return size > 21 && Math.abs(x - size + 7) <= 2 && Math.abs(y - size + 7) <= 2;
}

function words(dark, size, mask) {
  const found = [];
  let [word, bits] = [0, 0];
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right -= 1;
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed(x, y, size)) continue;
        word = (word << 1) | (dark(x, y) !== MASKS[mask](x, y) ? 1 : 0);
        bits += 1;
        if (bits === 8) { found.push(word); [word, bits] = [0, 0]; }
      }
    }
  }
  return found;
}

function text(data) {
  let place = 0;
  const take = (count) => {
    let value = 0;
    for (let i = 0; i < count; i += 1, place += 1) value = (value << 1) | ((data[place >> 3] >> (7 - (place & 7))) & 1);
    return value;
  };
  const bytes = [];
  const say = (string) => { for (const sign of string) bytes.push(sign.charCodeAt(0)); };
  while (data.length * 8 - place >= 4) {
    const mode = take(4);
    if (mode === 0) break;
    if (mode === 1) {
      let count = take(10);
      for (; count >= 3; count -= 3) say(String(take(10)).padStart(3, "0"));
      if (count) say(String(take(count === 2 ? 7 : 4)).padStart(count, "0"));
    } else if (mode === 2) {
      let count = take(9);
      for (; count >= 2; count -= 2) { const pair = take(11); say((ALPHANUMERIC[Math.floor(pair / 45)] ?? "") + ALPHANUMERIC[pair % 45]); }
      if (count) say(ALPHANUMERIC[take(6)] ?? "");
    } else if (mode === 4) {
      for (let count = take(8); count > 0; count -= 1) bytes.push(take(8));
    } else if (mode === 7) take(8);
    else return null;
    if (place > data.length * 8) return null;
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function decoded(dark, size) {
  const bits = format(dark, size);
  if (bits === null) return null;
  const version = (size - 17) / 4;
  const [checks, count] = BLOCKS[version - 1][LEVEL[bits >> 3]];
  const all = words(dark, size, bits & 7).slice(0, WORDS[version - 1]);
  const whole = WORDS[version - 1] / count;
  const data = [];
  for (let block = 0; block < count; block += 1) {
    const right = mended(Array.from({ length: whole }, (_, i) => all[i * count + block]), checks);
    if (!right) return null;
    data.push(...right.slice(0, whole - checks));
  }
  return text(data);
}

// --- from the picture to modules ----------------------------------------------------------------------------------
// Dark or light against the mean of the surroundings, so that a shadow over half the code does no harm.
function bitmap({ data, width, height }) {
  const grey = new Uint8Array(width * height);
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      const i = y * width + x;
      grey[i] = (data[i * 4] * 77 + data[i * 4 + 1] * 151 + data[i * 4 + 2] * 28) >> 8;
      row += grey[i];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const reach = Math.max(12, Math.min(width, height) >> 3);
  const bits = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
      const sum = sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right] - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left];
      bits[y * width + x] = grey[y * width + x] * (bottom - top) * (right - left) < sum * 0.92 ? 1 : 0;
    }
  }
  return { bits, width, height };
}

const eye = (runs) => {
  const unit = (runs[0] + runs[1] + runs[2] + runs[3] + runs[4]) / 7;
  return unit >= 1 && [1, 1, 3, 1, 1].every((want, i) => Math.abs(runs[i] - want * unit) <= unit * (want === 3 ? 1.2 : 0.7));
};

// The runs through (x, y) along one direction, and how far the centre of the middle run lies from it; null when no eye.
function across({ bits, width, height }, x, y, dx, dy) {
  const dark = (step) => {
    const [px, py] = [x + dx * step, y + dy * step];
    return px >= 0 && py >= 0 && px < width && py < height ? bits[py * width + px] : -1;
  };
  if (dark(0) !== 1) return null;
  const runs = [0, 0, 1, 0, 0];
  const arms = [1, 1];
  [-1, 1].forEach((side, which) => {
    let step = side;
    for (; dark(step) === 1; step += side) { runs[2] += 1; arms[which] += 1; }
    for (; dark(step) === 0; step += side) runs[2 + side] += 1;
    for (; dark(step) === 1; step += side) runs[2 + side * 2] += 1;
  });
  return eye(runs) ? { shift: (arms[1] - arms[0]) / 2, unit: runs.reduce((sum, run) => sum + run) / 7 } : null;
}

function eyes(map) {
  const { bits, width, height } = map;
  const found = [];
  for (let y = 0; y < height; y += 2) {
    const runs = [0, 0, 0, 0, 0];
    let colour = 0;
    for (let x = 0; x <= width; x += 1) {
      const here = x < width ? bits[y * width + x] : -1;
      if (here === colour) { runs[4] += 1; continue; }
      if (colour === 1 && eye(runs)) note(map, found, Math.round(x - 1 - runs[4] - runs[3] - runs[2] / 2), y);
      runs.shift();
      runs.push(1);
      colour = here;
    }
  }
  return found.filter((each) => each.seen >= 2).sort((a, b) => b.seen - a.seen).slice(0, 8);
}

function note(map, found, x, y) {
  const upright = across(map, x, y, 0, 1);
  if (!upright) return;
  const centre = Math.round(y + upright.shift);
  const level = across(map, x, centre, 1, 0);
  if (!level) return;
  const [px, py, unit] = [x + level.shift, y + upright.shift, (upright.unit + level.unit) / 2];
  const near = found.find((each) => Math.hypot(each.x - px, each.y - py) < unit * 3);
  if (!near) { found.push({ x: px, y: py, unit, seen: 1 }); return; }
  const share = 1 / (near.seen + 1);
  near.x += (px - near.x) * share;
  near.y += (py - near.y) * share;
  near.unit += (unit - near.unit) * share;
  near.seen += 1;
}

// Three eyes as corner, right and below, when they can be those of one code; smaller `off` is likelier.
function corner(three) {
  const far = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const [a, b, c] = three;
  const sides = [[far(b, c), a, b, c], [far(a, c), b, a, c], [far(a, b), c, a, b]].sort((p, q) => q[0] - p[0]);
  let [, top, right, below] = sides[0];
  if ((right.x - top.x) * (below.y - top.y) - (right.y - top.y) * (below.x - top.x) < 0) [right, below] = [below, right];
  const [wide, high] = [far(top, right), far(top, below)];
  const unit = (top.unit + right.unit + below.unit) / 3;
  const off = Math.abs(wide - high) / Math.max(wide, high) + Math.abs(sides[0][0] / Math.hypot(wide, high) - 1)
    + (Math.max(top.unit, right.unit, below.unit) - Math.min(top.unit, right.unit, below.unit)) / unit;
  return { top, right, below, off, modules: (wide + high) / 2 / unit + 7 };
}

// The plane through four corners of the square (3, 3) to (size - 3, size - 3): a projective map of module to pixel.
function plane(size, top, right, below, last) {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = [top.x, top.y, right.x, right.y, last.x, last.y, below.x, below.y];
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const [sx, sy] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  const side = size - 7;
  return (column, row) => {
    const [u, v] = [(column + 0.5 - 3.5) / side, (row + 0.5 - 3.5) / side];
    const depth = g * u + h * v + 1;
    return [((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / depth, ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / depth];
  };
}

function sampled({ bits, width, height }, size, place) {
  const modules = new Uint8Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = place(column, row).map(Math.round);
      if (x < 0 || y < 0 || x >= width || y >= height) return null;
      modules[row * size + column] = bits[y * width + x];
    }
  }
  return (x, y) => modules[y * size + x] === 1;
}

// Seen aslant, the fourth corner is not where a parallelogram would have it: try places around.
const NUDGES = [0, -1, 1, -2, 2].flatMap((x) => [0, -1, 1, -2, 2].map((y) => [x, y])).sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

function tried(map, { top, right, below, modules }) {
  const nearest = [21, 25, 29, 33].sort((a, b) => Math.abs(a - modules) - Math.abs(b - modules)).slice(0, 2);
  for (const size of nearest) {
    const [ux, uy] = [(right.x - top.x) / (size - 7), (right.y - top.y) / (size - 7)];
    const [vx, vy] = [(below.x - top.x) / (size - 7), (below.y - top.y) / (size - 7)];
    for (const [across_, down] of NUDGES) {
      const last = { x: right.x + below.x - top.x + ux * across_ + vx * down, y: right.y + below.y - top.y + uy * across_ + vy * down };
      const dark = sampled(map, size, plane(size, top, right, below, last));
      const said = dark && decoded(dark, size);
      if (said) return said;
    }
  }
  return null;
}

/** The text of a QR code in the picture ({data, width, height} as a canvas gives it), or null. */
export function read(picture) {
  const map = bitmap(picture);
  const found = eyes(map);
  const triples = [];
  for (let a = 0; a < found.length; a += 1) {
    for (let b = a + 1; b < found.length; b += 1) {
      for (let c = b + 1; c < found.length; c += 1) triples.push(corner([found[a], found[b], found[c]]));
    }
  }
  for (const each of triples.sort((a, b) => a.off - b.off).slice(0, 4)) {
    const said = tried(map, each);
    if (said) return said;
  }
  return null;
}
