const mask = 0xffff_ffff_ffff_ffffn;
const c1 = 0x87c3_7b91_1142_53d5n;
const c2 = 0x4cf5_ad43_2745_937fn;

/**
 * MurmurHash3, 128 bits for 64-bit machines, seed 0 (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp).
 *
 * @returns both halves, low first.
 */
export function murmurHash128(bytes: Buffer): readonly [bigint, bigint] {
  let h1 = 0n;
  let h2 = 0n;
  const blocks = Math.floor(bytes.length / 16);
  for (let block = 0; block < blocks; block += 1) {
    h1 ^= mixFirst(bytes.readBigUInt64LE(block * 16));
    h1 = (rotate(h1, 27n) + h2) & mask;
    h1 = (h1 * 5n + 0x52dc_e729n) & mask;
    h2 ^= mixSecond(bytes.readBigUInt64LE(block * 16 + 8));
    h2 = (rotate(h2, 31n) + h1) & mask;
    h2 = (h2 * 5n + 0x3849_5ab5n) & mask;
  }
  const tail = Buffer.alloc(16);
  bytes.copy(tail, 0, blocks * 16);
  h2 ^= mixSecond(tail.readBigUInt64LE(8));
  h1 ^= mixFirst(tail.readBigUInt64LE(0));
  const length = BigInt(bytes.length);
  h1 ^= length;
  h2 ^= length;
  h1 = (h1 + h2) & mask;
  h2 = (h2 + h1) & mask;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & mask;
  h2 = (h2 + h1) & mask;
  return [h1, h2];
}

function mixFirst(k: bigint): bigint {
  return (rotate((k * c1) & mask, 31n) * c2) & mask;
}

function mixSecond(k: bigint): bigint {
  return (rotate((k * c2) & mask, 33n) * c1) & mask;
}

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & mask;
}

function finish(value: bigint): bigint {
  let h = value;
  h ^= h >> 33n;
  h = (h * 0xff51_afd7_ed55_8ccdn) & mask;
  h ^= h >> 33n;
  h = (h * 0xc4ce_b9fe_1a85_ec53n) & mask;
  return h ^ (h >> 33n);
}
