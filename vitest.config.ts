import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need Debian packages or moto; `npm run test:servers` and `npm run test:deploy` run them.
    exclude: ['test/servers/**', 'test/deploy/**'],
    // Tests start the command line many times.
    globalSetup: 'test/build-command-line.ts',
    testTimeout: 20_000,
    reporters: ['default'],
  },
});
