import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { type EnvironmentKey, toEnvironment } from '../../lambda/aws/environment.ts';
import { portsWith } from '../../lambda/aws/environment-ports.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-quorum-ports-'));
const config = join(folder, 'config.json');
writeFileSync(config, '{}');
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const address = '192.0.2.25';
const release = '0.1.0';

test.each<[string, Partial<Record<EnvironmentKey, string>>, object]>([
  ['of the release before', { egress: 'vpc' }, {}],
  ['in the network of Lambda', { release, egress: 'default' }, { release, egress: 'lambda' }],
  ['in a VPC of the stack', { release, egress: 'vpc', address }, { release, egress: address }],
  ['in an existing VPC', { release, egress: 'existingVpc' }, { release }],
])('a function %s knows what it runs and where mail servers see it, as far as the stack does', (_, given, known) => {
  const home = { home: 'us-east-1', vantage: 'eu-west-1', table: 'smtp-quorum', config: pathToFileURL(config).href };
  for (const [name, value] of Object.entries(toEnvironment({ ...home, ...given }))) vi.stubEnv(name, value);
  const { release: ran, egress } = portsWith(() => null);
  expect({ release: ran, egress }).toEqual({ release: undefined, egress: undefined, ...known });
});
