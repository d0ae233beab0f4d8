import { checkNotify } from './check-notify.ts';
import type { Config } from './config.ts';
import { pageLogo } from './page/read-logo.ts';
import type { PageLogo } from './page/status-page.ts';
import { checkRules } from './problems/checks/cross-checks.ts';
import { explainIssues } from './problems/explain-issues.ts';
import type { ConfigFault, Problem } from './problems/problem.ts';
import { readYamlSource, type YamlSource } from './problems/yaml-source.ts';
import { type Authorities, resolveConfig } from './resolve.ts';
import { type CheckedConfig, configSchema } from './schema/schema.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Text of a file that the config names; throws where there is none. In `latin1` each character is an octet. */
export type ReadFile = (path: string, encoding?: 'utf8' | 'latin1') => string;

/**
 * Reads a config file: YAML, then the schema, then the rules between values. All mistakes of a stage are told at once.
 * @param file name for messages
 * @param readFile reads the files that the config names, by their path as written
 * @param now epoch milliseconds; 0 where dates that passed are no mistakes: a monitor must start again after them
 */
export function parseConfig(text: string, file: string, readFile: ReadFile, now = Date.now()): ParsedConfig {
  const source = readYamlSource(text, file);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const written = withoutExtensions(source.value ?? {});
  const checked = configSchema.safeParse(written);
  const faults = [
    ...(checked.success ? [] : explainIssues(checked.error.issues, written)),
    ...checkRules(written, now),
  ];
  if (!checked.success || faults.length > 0) return { ok: false, problems: located(faults, source) };
  return withFiles(checked.data, source, readFile);
}

/** Keys `x-…` at the top are free: anchors for the rest of the file stand there. */
function withoutExtensions(written: unknown): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([key]) => !key.startsWith('x-')));
}

function withFiles(checked: CheckedConfig, source: YamlSource, readFile: ReadFile): ParsedConfig {
  const { authorities, faults } = readAuthorities(checked, readFile);
  const { logo, faults: logoFaults } = readLogo(checked, readFile);
  const unread = [...faults, ...logoFaults];
  if (unread.length > 0) return { ok: false, problems: located(unread, source) };
  const config = resolveConfig(checked, authorities, logo);
  const unfit = checkNotify(config);
  return unfit.length > 0 ? { ok: false, problems: located(unfit, source) } : { ok: true, config };
}

function readLogo(
  { statusPage }: CheckedConfig,
  readFile: ReadFile,
): { logo: PageLogo | undefined; faults: readonly ConfigFault[] } {
  if (statusPage?.logo === undefined) return { logo: undefined, faults: [] };
  const read = readNamed(statusPage.logo, (path) => pageLogo(readFile(path, 'latin1')));
  if (read.ok) return { logo: read.logo, faults: [] };
  return { logo: undefined, faults: [{ path: ['statusPage', 'logo'], at: 'value', message: read.message }] };
}

function readAuthorities(
  checked: CheckedConfig,
  readFile: ReadFile,
): { authorities: Authorities; faults: ConfigFault[] } {
  const authorities = new Map<string, string>();
  const faults: ConfigFault[] = [];
  for (const { path, ca } of namedAuthorities(checked)) {
    if (ca === undefined) continue;
    const pem = readPem(ca, readFile);
    if (pem.ok) authorities.set(ca, pem.text);
    else faults.push({ path, at: 'value', message: pem.message });
  }
  return { authorities, faults };
}

function namedAuthorities({ targets, roundTrips = [], bounces }: CheckedConfig) {
  return [
    ...targets.map(({ ca }, nth) => ({ path: ['targets', nth, 'ca'], ca })),
    ...roundTrips.flatMap(({ send, receive }, nth) => [
      { path: ['roundTrips', nth, 'send', 'ca'], ca: send.ca },
      { path: ['roundTrips', nth, 'receive', 'ca'], ca: receive.ca },
    ]),
    ...(bounces?.sources ?? []).map(({ mailbox }, nth) => ({
      path: ['bounces', 'sources', nth, 'mailbox', 'ca'],
      ca: mailbox?.ca,
    })),
  ];
}

function readPem(path: string, readFile: ReadFile): { ok: true; text: string } | { ok: false; message: string } {
  return readNamed(path, () => {
    const text = readFile(path);
    if (text.includes('-----BEGIN CERTIFICATE-----')) return { ok: true, text };
    return { ok: false, message: `holds no certificate in PEM form: ${path}` };
  });
}

function readNamed<Read>(path: string, read: (path: string) => Read): Read | { ok: false; message: string } {
  try {
    return read(path);
  } catch (error) {
    return { ok: false, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** In the order of the file, as people mend it. */
function located(faults: readonly ConfigFault[], source: YamlSource): readonly Problem[] {
  return faults.map(source.locate).sort((a, b) => a.line - b.line || a.column - b.column);
}
