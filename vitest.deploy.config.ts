import { defineConfig } from 'vitest/config';

/** `npm run test:deploy`: the real app, deployed to moto, and its templates, checked by cfn-lint. */
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.test.ts'],
    // Limits of what never ends: with one slow core a deployment takes minutes.
    testTimeout: 1_800_000,
    // As in `vitest.config.ts`: `cfn-lint.test.ts` checks the templates.
    env: { CDK_VALIDATION: 'false' },
    hookTimeout: 1_800_000,
    // Each file has a cloud of its own, and two at once are too much for two cores.
    fileParallelism: false,
    // Each test goes on from where the one before it left the deployment.
    bail: 1,
  },
});
