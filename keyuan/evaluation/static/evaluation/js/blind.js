// The voter's half of RFC 9474 (RSABSSA-SHA384-PSS-Deterministic): blind, unblind, check.
const E = 65537n;
const SALT = 48;

export const supported = () => Boolean(globalThis.crypto?.subtle) && typeof BigInt === "function";

const sha384 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
const join = (...parts) => {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
};
const toNumber = (bytes) => BigInt("0x" + [...bytes].map((b) => b.toString(16).padStart(2, "0")).join(""));
const toBytes = (number, size) => {
  const hex = number.toString(16).padStart(size * 2, "0");
  return Uint8Array.from({ length: size }, (_, i) => parseInt(hex.slice(i * 2, i * 2 + 2), 16));
};
const random = (size) => crypto.getRandomValues(new Uint8Array(size));

function power(base, exponent, modulus) {
  let result = 1n;
  let factor = base % modulus;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

function inverse(value, modulus) {
  let [a, b, x, y] = [modulus, value % modulus, 0n, 1n];
  while (b > 0n) {
    const q = a / b;
    [a, b] = [b, a - q * b];
    [x, y] = [y, x - q * y];
  }
  if (a !== 1n) return null;
  return ((x % modulus) + modulus) % modulus;
}

async function mask(seed, length) {
  const blocks = [];
  for (let i = 0; i * 48 < length; i += 1) blocks.push(await sha384(join(seed, Uint8Array.of(0, 0, 0, i))));
  return join(...blocks).slice(0, length);
}

// EMSA-PSS-ENCODE, RFC 8017 §9.1.1, for a modulus of 2048 bits.
export async function encode(message, salt, size = 256) {
  const digest = await sha384(join(new Uint8Array(8), await sha384(message), salt));
  const block = new Uint8Array(size - digest.length - 1);
  block[block.length - salt.length - 1] = 1;
  block.set(salt, block.length - salt.length);
  const cover = await mask(digest, block.length);
  const masked = block.map((byte, i) => byte ^ cover[i]);
  masked[0] &= 0x7f;
  return toNumber(join(masked, digest, Uint8Array.of(0xbc)));
}

// What stays on this phone until the ballot is cast: message, encoded message and the unblinding factor.
export async function begin(modulusHex) {
  const modulus = BigInt("0x" + modulusHex);
  const message = random(32);
  const encoded = await encode(message, random(SALT));
  let factor;
  let back = null;
  while (back === null) {
    factor = toNumber(random(264)) % modulus;
    back = factor > 1n ? inverse(factor, modulus) : null;
  }
  const blinded = (encoded * power(factor, E, modulus)) % modulus;
  return {
    blinded: blinded.toString(16),
    message: toNumber(message).toString(16),
    encoded: encoded.toString(16),
    back: back.toString(16),
  };
}

// The token from the signature; throws when the server signed something else.
export function finish(modulusHex, state, signedHex) {
  const modulus = BigInt("0x" + modulusHex);
  const signature = (BigInt("0x" + signedHex) * BigInt("0x" + state.back)) % modulus;
  if (power(signature, E, modulus) !== BigInt("0x" + state.encoded)) throw new Error("signature");
  const raw = join(toBytes(BigInt("0x" + state.message), 32), toBytes(signature, 256));
  return btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_");
}
