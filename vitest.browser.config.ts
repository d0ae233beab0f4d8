import { defineConfig } from 'vitest/config';

// `npm run test:browser`: the status page in Chromium, which `.ci/browser` brings.
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    // The tests start the monitor as a process.
    globalSetup: ['test/build-command-line.ts'],
    // Limits of what never ends, not promises: a test of a promise measures it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    // The file about an outage mostly waits for rounds, so it runs beside the others.
    maxWorkers: 2,
  },
});
