import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { configJsonSchema } from '../../lambda/config/schema/json-schema.ts';
import { propertiesOf } from '../../lambda/config/schema/reference.ts';
import { FAILURE_TEXTS } from '../../lambda/smtp/failures/failure-texts.ts';

/** Quoted words in hints that belong to other programs. */
const ELSEWHERE =
  /^(?:MX 0 \.|HIGH:!aNULL|fullchain\.pem|npx smtp-quorum doctor|-c egress=vpc|openssl x509 -text|[a-z0-9]+(?:_[a-z0-9]+)+|mydestination)$/;

const quoted = Object.values(FAILURE_TEXTS).flatMap(({ hint }) =>
  [...hint.matchAll(/`([^`]+)`/g)].map(([, it]) => it ?? ''),
);
const ours = [...new Set(quoted)].filter((it) => !ELSEWHERE.test(it));
const settings = ours.filter((it) => it.includes(':'));
const keys = ours.filter((it) => !it.includes(':'));
const known = propertiesOf(configJsonSchema()).map(({ path }) => path.split(/[.[\]]+/).at(-1));

test.each(settings)('the setting %s of a hint is valid', (setting) => {
  const text = `targets: [{ id: mx1, host: mx1.example.com, mailFrom: probe@example.com, ${setting} }]`;
  const parsed = parseConfig(text, 'smtp-quorum.yaml', () => '');
  expect(parsed.ok ? [] : parsed.problems).toEqual([]);
});

test.each(keys)('%s of a hint is a key of the config', (key) => {
  expect(known).toContain(key);
});

test('hints contain settings and keys of the config', () => {
  expect(settings).toContain('expect: { replies: { rcpt: { code: [250, 450] } } }');
  expect(keys).toContain('ehloName');
});
