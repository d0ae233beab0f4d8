/**
 * The seed of tests with random worlds and values: by default always the same, so that the gate says the same of the same tree.
 * `SEED=fresh npm test` looks further, and `SEED=7 npm test` repeats a run; a failure prints its seed.
 */
const USUAL = 20_261_126;

const asked = process.env.SEED;

export const anySeed = asked === 'fresh' ? Math.floor(Math.random() * 2 ** 31) : Number(asked ?? USUAL);
