/** Names that every object has, wherever a name out of a server, a file or a config is looked up in a table. */
import { expect, test } from 'vitest';
import { speechOf } from '../../lambda/alert/channels/pagers/speech.ts';
import { readMonth } from '../../lambda/config/schema/times/month.ts';
import { readHtml } from '../../lambda/trip/alterations/html-text.ts';
import { ownValue } from '../../lambda/wire/own-value.ts';

const COMMON = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'isPrototypeOf'];

test.each(COMMON)('%s', (name) => {
  expect(ownValue({ mx1: 1 }, name)).toBeUndefined();
  expect(ownValue(JSON.parse(`{ "${name}": 1 }`), name)).toBe(1);
  expect(readMonth(`${name} Monday 02:00-03:00`)).toMatchObject({ ok: false });
  expect(readHtml(`<p>&${name};</p>`).text.trim()).toBe(`&${name};`);
  const spoken = { what: name, state: 'DOWN', since: '00:00 UTC', why: 'x', isPast: false, note: null, line: null };
  expect(speechOf('smtp-quorum', spoken)).not.toContain('native code');
});
