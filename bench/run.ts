/**
 * `npm run bench` runs every benchmark; `npm run bench -- probe history` runs those. Each prints what it measured. Options
 * (`--long`) are for the benchmark that knows them.
 */
interface Bench {
  run(): Promise<void>;
}

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  'bad-day': () => import('./bad-day/bad-day.ts'),
  bounces: () => import('./bounces.ts'),
  bundle: () => import('./bundle.ts'),
  consensus: () => import('./consensus.ts'),
  'first-alert': () => import('./judge-delay-when-all-targets-fail.ts'),
  history: () => import('./history.ts'),
  month: () => import('./month.ts'),
  page: () => import('./page.ts'),
  'page-in-browser': () => import('./page-in-browser.ts'),
  posture: () => import('./posture.ts'),
  probe: () => import('./probe.ts'),
  replies: () => import('./refusal-classification-precision.ts'),
  startup: () => import('./startup.ts'),
  storm: () => import('./storm.ts'),
  trips: () => import('./trips.ts'),
};

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const wanted = named.length > 0 ? named : Object.keys(benches);
for (const name of wanted) {
  const bench = benches[name];
  if (!bench) {
    console.error(`there is no benchmark '${name}': ${Object.keys(benches).join(', ')}`);
    process.exit(3);
  }
  console.log(`\n## ${name}\n`);
  await (await bench()).run();
}
