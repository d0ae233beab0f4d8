import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

// These need Debian packages or moto; `npm run test:servers`, `test:deploy` and `test:browser` run them.
const ELSEWHERE = ['test/servers/**', 'test/deploy/**', 'test/browser/**'];

/** What a file changes in its process: modules in every case, other things unless the file undoes them. */
const CHANGES: readonly { readonly change: RegExp; readonly undo?: RegExp }[] = [
  { change: /\bvi\.(?:do)?[mM]ock\(|\bvi\.resetModules\(/ },
  // A folder, and hooks, for the one file that imports it.
  { change: /\/healthy-account\.ts'/ },
  { change: /\bprocess\.(?:chdir|umask|env\.\w+ =|exitCode =)/ },
  { change: /\bvi\.spyOn\(/, undo: /\bvi\.restoreAllMocks\(/ },
  { change: /\bvi\.stubEnv\(/, undo: /\bvi\.unstubAllEnvs\(/ },
  { change: /\bvi\.stubGlobal\(/, undo: /\bvi\.unstubAllGlobals\(/ },
  { change: /\bvi\.useFakeTimers\(/, undo: /\bvi\.useRealTimers\(/ },
];

/** Such a file has modules and a process of its own. */
function changesProcess(source: string): boolean {
  return CHANGES.some(({ change, undo }) => change.test(source) && !(undo?.test(source) ?? false));
}

const isolated = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`)
  .filter((path) => changesProcess(readFileSync(path, 'utf8')));

export default defineConfig({
  test: {
    // Tests start the command line many times.
    globalSetup: 'test/build-command-line.ts',
    setupFiles: 'test/seed-properties.ts',
    // Many tests wait for a timeout, so one worker would leave a processor idle.
    maxWorkers: Math.max(2, availableParallelism()),
    // Limits of what never ends, not promises: waiting costs nothing where a test passes, and one slow core takes its time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: ['default'],
    env: {
      // CDK validates the templates of each app, which takes more than half of the CPU of a synthesis, and only prints what it
      // finds. `cfn-lint.test.ts` fails instead.
      CDK_VALIDATION: 'false',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...ELSEWHERE, ...isolated],
          // Loading modules was half of the CPU time of all tests: the files of a process load each of them once.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: isolated,
          exclude: [...configDefaults.exclude, ...ELSEWHERE],
        },
      },
    ],
  },
});
