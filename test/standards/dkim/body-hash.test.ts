import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkBodyHashes } from '../../../lambda/standards/dkim/body-hash.ts';
import { parseFields } from '../../../lambda/standards/mime/header.ts';
import { sign } from './sign.ts';

const signature = (tags: string) => [{ name: 'dkim-signature', value: tags }];

// RFC 6376 3.4.3 and 3.4.4: hashes of an empty body.
test.each([
  ['simple, SHA-256', 'a=rsa-sha256; c=simple/simple; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=', ''],
  ['simple by default', 'a=rsa-sha256; bh=frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=', '\r\n\r\n'],
  ['relaxed, SHA-256', 'a=rsa-sha256; c=relaxed/relaxed; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', ' \r\n\r\n'],
  ['relaxed, SHA-1', 'a=rsa-sha1; c=relaxed/relaxed; bh=2jmj7l5rSw0yVb/vlWAYkK/YBwk=', ''],
  ['folded', 'a=rsa-sha256; c=simple/simple; bh=frcCV1k9oG9oKj3dpU qdJg1PxRT2RSN/XKdLCPjaYaY=', ''],
])('%s', (_, tags, body) => {
  const checks = checkBodyHashes(signature(`v=1; d=Example.com; s=S1; ${tags}; b=x`), body);
  expect(checks).toEqual([{ domain: 'example.com', selector: 's1', isIntact: true }]);
  expect(checkBodyHashes(signature(`v=1; d=example.com; s=s1; ${tags}; b=x`), 'x')[0]?.isIntact).toBe(false);
});

test.each([
  '',
  'v=1; a=rsa-sha256; d=example.com; s=s',
  'v=1; a=rsa-sha512; d=a; s=b; bh=x',
  'd=a; s=b; bh=x',
  '\0;;=',
])('no check of %j', (tags) => {
  expect(checkBodyHashes(signature(tags), '')).toEqual([]);
});

describe('as mailauth makes them', () => {
  async function signed(body: string, canonicalization: string, maxBodyLength?: number) {
    const message = Buffer.from(`From: a@example.com\r\n\r\n${body}`, 'latin1');
    return parseFields(await sign(message, canonicalization, maxBodyLength));
  }

  const body = fc
    .array(fc.constantFrom('a', ' ', '\t', '\r\n', '\r\n\r\n', '.', '\xe4', '  x', 'word '), { maxLength: 40 })
    .map((pieces) => `${pieces.join('')}\r\n`);

  test.each(['simple/simple', 'relaxed/relaxed', 'simple/relaxed'])('%s', async (canonicalization) => {
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const fields = await signed(text, canonicalization);
        expect(checkBodyHashes(fields, text)).toEqual([{ domain: 'example.com', selector: 's', isIntact: true }]);
        expect(checkBodyHashes(fields, `more${text}`)[0]?.isIntact).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test('with l=, what was added later does not count', async () => {
    const fields = await signed('12345\r\n', 'simple/simple', 7);
    expect(fields[0]?.value).toMatch(/ l=7;/);
    expect(checkBodyHashes(fields, '12345\r\nfooter\r\n')[0]?.isIntact).toBe(true);
    expect(checkBodyHashes(fields, '1234\r\nfooter\r\n')[0]?.isIntact).toBe(false);
  });
});
