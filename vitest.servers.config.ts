import { defineConfig } from 'vitest/config';

/** It mostly waits: `.ci/servers` runs it beside the others, with `REAL_TIME=1`. */
const REAL_TIME = 'test/servers/trips/real-time.test.ts';
const isRealTime = process.env.REAL_TIME === '1';

// `npm run test:servers`: real mail servers, which `.ci/servers` brings.
export default defineConfig({
  test: {
    include: isRealTime ? [REAL_TIME] : ['test/servers/**/*.test.ts'],
    exclude: isRealTime ? [] : [REAL_TIME],
    // Round trips start the command line.
    globalSetup: isRealTime ? [] : ['test/build-command-line.ts'],
    // postscreen greets after 6 s, and Dovecot makes a wrong password wait. Limits of what never ends, on one slow core, too.
    testTimeout: 300_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
