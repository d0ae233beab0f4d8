import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidentLink } from '../../../web/history/incident-link.ts';
import { badgePath, incidentPath, shardFolder, targetPath } from '../../../web/pages/paths.ts';

/** Names out of an older table, and out of a hostile one. */
const id = fc.oneof(
  fc.constantFrom(
    '',
    '.',
    '..',
    '...',
    '../..',
    'mx1',
    'mx1.',
    'a'.repeat(63),
    'a'.repeat(1_500),
    '%2e%2e',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
);
const PATHS = [targetPath, shardFolder, (one: string) => `${badgePath(one)}.svg`, incidentPath];

test('paths are those of files: of any id, in characters that no server changes, and short enough for S3 and for a disk', () => {
  fc.assert(
    fc.property(id, fc.constantFrom(...PATHS), (one, pathOf) => {
      const path = pathOf(one);
      expect(path).toMatch(/^[A-Za-z0-9._~/-]+$/);
      const names = path.split('/').slice(0, path.endsWith('/') ? -1 : undefined);
      for (const name of names)
        expect([name, name.length]).toEqual([expect.not.stringMatching(/^\.{0,2}$/), name.length]);
      for (const name of names) expect(name.length).toBeLessThan(240);
      expect(new URL(path, 'https://status.example.com/').pathname).toBe(`/${path}`);
    }),
  );
});

test('no two ids share a file', () => {
  fc.assert(
    fc.property(id, id, (one, other) => {
      fc.pre(one !== other);
      expect(targetPath(one)).not.toBe(targetPath(other));
    }),
  );
});

test('the script finds the page of an incident where the publisher writes it, or does not link it', () => {
  fc.assert(
    fc.property(id, (subject) => {
      const incident = `${subject}@2026-11-22T06:09:48Z`;
      expect([incidentPath(incident), null]).toContain(incidentLink(incident));
    }),
  );
  expect(incidentLink(`${'a'.repeat(63)}@2026-11-22T06:09:48Z`)).not.toBeNull();
});
