import { defineConfig } from 'vitest/config';

// `npm run test:servers`: real mail servers, which `.ci/servers` brings.
export default defineConfig({
  test: {
    include: ['test/servers/**/*.test.ts'],
    // Round trips start the command line.
    globalSetup: 'test/build-command-line.ts',
    // postscreen greets after 6 s, and Dovecot makes a wrong password wait.
    testTimeout: 40_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
