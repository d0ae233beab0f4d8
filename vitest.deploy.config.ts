import { defineConfig } from 'vitest/config';

/** `npm run test:deploy`: the real app, deployed to moto. */
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // Each file has a cloud of its own, and two at once are too much for two cores.
    fileParallelism: false,
    // Each test goes on from where the one before it left the deployment.
    bail: 1,
  },
});
