/** `statusPage`: what is understood, and each mistake with its line and fix. */
import { describe, expect, test } from 'vitest';
import { hidesNothing, pageSettings, type StatusPage, shownOf } from '../../../lambda/config/page/status-page.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { formatProblems } from '../../../lambda/config/problems/problem.ts';

const targets =
  'targets: [{ id: mx1, host: mx1.example.com }, { id: in.bound, domain: example.com }, { id: "25", host: a.example.com }]';
const aws = `ehloName: probe.example.com\nvantages: [us-east-1, eu-west-1, ap-southeast-1]\nhome: us-east-1\n${targets}`;
const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012';

const svg = '\ufeff<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';
const png = '\x89PNG\r\n\x1a\n\0\0\0\rIHDR';
const FILES: Readonly<Record<string, string>> = {
  'logo.svg': Buffer.from(svg).toString('latin1'),
  'brand/logo.png': png,
  'logo.webp': 'RIFF\x10\0\0\0WEBPVP8 ',
  'not.svg': '<html><svg/></html>',
  'open.svg': '<!-- <svg>',
  'drawn.svg': '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<!-- a --><!-- b -->\n<svg>',
  'photo.jpg': '\xff\xd8\xff\xe0',
  'short.webp': 'RIFF',
  'empty.png': '',
  'large.png': `${png}${'x'.repeat(102_400)}`,
  'largest.png': `${png}${'x'.repeat(102_400 - png.length)}`,
};

const parse = (text: string) =>
  parseConfig(text, 'smtp-quorum.yaml', (path, encoding) => {
    const found = FILES[path.replace('./', '')];
    if (found === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return encoding === 'latin1' ? found : Buffer.from(found, 'latin1').toString();
  });

function pageOf(text: string): StatusPage | undefined {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(formatProblems(parsed.problems));
  return parsed.config.statusPage;
}

describe('understood', () => {
  test.each<{ what: string; text: string; page: StatusPage | undefined }>([
    { what: 'none', text: targets, page: undefined },
    {
      what: 'service hours',
      text: `statusPage: { serviceHours: { zone: Europe/Berlin, week: 'Mon-Fri 08:00-18:00' } }\n${targets}`,
      page: {
        serviceHours: {
          ...{ zone: 'Europe/Berlin', week: 'Mon-Fri 08:00-18:00' },
          spans: [{ days: [1, 2, 3, 4, 5], from: 480, to: 1080 }],
        },
      },
    },
    { what: 'off', text: `statusPage: { access: off }\n${aws}`, page: { access: 'off' } },
    {
      what: 'a title, on one machine',
      text: `statusPage: { title: Mail of Example }\n${targets}`,
      page: { title: 'Mail of Example' },
    },
    {
      what: 'public, under an own name in another script',
      text: `statusPage: { access: public, domain: Status.Bücher.Example, certificateArn: "${arn}" }\n${aws}`,
      page: { access: 'public', domain: 'status.xn--bcher-kva.example', certificateArn: arn },
    },
    {
      what: 'private, by addresses and a password',
      text: `statusPage: { access: private, allow: [192.0.2.0/24, "2001:DB8::/32", 198.51.100.7], password: { secret: page/password } }\n${aws}`,
      page: {
        access: 'private',
        allow: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'],
        password: { secret: 'page/password' },
      },
    },
    {
      what: 'private, by a password of the environment of one machine',
      text: `statusPage: { access: private, password: { env: PAGE } }\n${targets}`,
      page: { access: 'private', password: { env: 'PAGE' } },
    },
    {
      what: 'names, patterns and a domain',
      text: `statusPage: { show: { mx1: full, 'in*': none, example.com: name, '*': name } }\n${targets}`,
      page: { show: { mx1: 'full', 'in*': 'none', 'example.com': 'name', '*': 'name' } },
    },
  ])('$what', ({ text, page }) => expect(pageOf(text)).toEqual(page));

  test.each([
    ['logo.svg', 'logo.svg', 'image/svg+xml'],
    ['./brand/logo.png', 'logo.png', 'image/png'],
    ['logo.webp', 'logo.webp', 'image/webp'],
    ['largest.png', 'logo.png', 'image/png'],
    ['drawn.svg', 'logo.svg', 'image/svg+xml'],
  ])('the picture %s', (path, name, type) => {
    const logo = pageOf(`statusPage: { logo: ${path} }\n${targets}`)?.logo;
    expect(logo).toMatchObject({ name, type });
    const octets = Buffer.from(FILES[path.replace('./', '')] ?? '', 'latin1');
    expect(Buffer.from(logo?.base64 ?? '', 'base64').equals(octets)).toBe(true);
  });
});

describe('refused, with line and fix', () => {
  const local: readonly [string, string, RegExp][] = [
    ['{ show: { mx2: full } }', 'statusPage.show.mx2', /matches no target.*did you mean `mx1`/s],
    ["{ show: { 'web*': full } }", 'statusPage.show.web*', /matches no target.*targets: mx1, in\.bound/s],
    ["{ show: { 'm x': full } }", 'statusPage.show.m x', /must be a name of letters/],
    ['{ show: { mx1: nme } }', 'statusPage.show.mx1', /must be one of.*did you mean `name`/s],
    ['{ show: { mx1: hidden } }', 'statusPage.show.mx1', /did you mean `none`/],
    ['{ serviceHours: { zone: UTC, week: "08:00-18:00" } }', 'statusPage.serviceHours.week', /has a time without days/],
    ['{ serviceHours: { zone: Berlin, week: Mon 08:00-18:00 } }', 'statusPage.serviceHours.zone', /Europe\/Berlin/],
    ['{ serviceHours: { zone: UTC, week: Mon 08:00 } }', 'statusPage.serviceHours.week', /has no end/],
    ['{ show: full }', 'statusPage.show', /did you mean `\{ "\*": full \}`/],
    ['{ show: {} }', 'statusPage.show', /must name at least one/],
    ['public', 'statusPage', /did you mean `\{ access: public \}`/],
    ['false', 'statusPage', /did you mean `\{ access: off \}`/],
    ['{ access: false }', 'statusPage.access', /did you mean `off`/],
    ['{ access: pubic }', 'statusPage.access', /did you mean `public`/],
    ['{ access: private }', 'statusPage.access', /nobody can read it.*`password: \{ env: VARIABLE \}`.*`allow`/s],
    ['{ access: public, allow: [192.0.2.1] }', 'statusPage.allow', /is for `access: private`/],
    ['{ access: public, password: { env: A } }', 'statusPage.password', /is for `access: private`/],
    ['{ allow: [192.0.2.1] }', 'statusPage.allow', /is for `access: private`/],
    ['{ access: private, allow: [192.0.2.300] }', 'statusPage.allow[0]', /is neither an IP address nor a range/],
    ['{ access: private, allow: ["192.0.2.0/33"] }', 'statusPage.allow[0]', /is neither an IP address nor a range/],
    ['{ access: private, allow: ["fe80::1%eth0"] }', 'statusPage.allow[0]', /is neither an IP address nor a range/],
    [
      '{ access: private, allow: [192.0.2.7/24] }',
      'statusPage.allow[0]',
      /has bits behind its prefix.*did you mean `192\.0\.2\.0\/24`/s,
    ],
    ['{ access: private, allow: ["2001:db8::7/32"] }', 'statusPage.allow[0]', /did you mean `2001:db8::\/32`/],
    ['{ access: private, allow: [0.0.0.0/0] }', 'statusPage.allow[0]', /is everybody.*`access: public`/s],
    ['{ access: private, allow: [192.0.2.1, 192.0.2.1] }', 'statusPage.allow[1]', /is already/],
    ['{ access: private, allow: 192.0.2.1 }', 'statusPage.allow', /did you mean `\[192\.0\.2\.1\]`/],
    ['{ access: private, password: hunter2 }', 'statusPage.password', /never contains a password/],
    [
      '{ access: private, password: { secret: "hunter2 is it!" } }',
      'statusPage.password.secret',
      /is not the name of a secret/,
    ],
    ['{ access: private, password: {} }', 'statusPage.password', /must have one of `secret` and `env`/],
    ['{ title: "" }', 'statusPage.title', /one line of 1 to 80 characters/],
    [`{ title: ${'x'.repeat(81)} }`, 'statusPage.title', /one line of 1 to 80 characters/],
    ['{ title: "a\\nb" }', 'statusPage.title', /one line of 1 to 80 characters/],
    ['{ domain: 192.0.2.1 }', 'statusPage.domain', /is not a host name/],
    ['{ domain: "https://status.example.com/" }', 'statusPage.domain', /did you mean `status\.example\.com`/],
    ['{ domain: status }', 'statusPage.domain', /is not a host name of the public Internet/],
    [`{ certificateArn: "${arn}" }`, 'statusPage.certificateArn', /is for AWS/],
    ['{ logo: logo.gif }', 'statusPage.logo', /cannot be read: ENOENT/],
    ['{ logo: not.svg }', 'statusPage.logo', /is no picture.*SVG, PNG and WebP/s],
    ['{ logo: open.svg }', 'statusPage.logo', /is no picture/],
    ['{ logo: photo.jpg }', 'statusPage.logo', /is no picture/],
    ['{ logo: short.webp }', 'statusPage.logo', /is no picture/],
    ['{ logo: empty.png }', 'statusPage.logo', /is no picture/],
    ['{ logo: large.png }', 'statusPage.logo', /is larger than 100 KB/],
    ['{ logo: https://www.example.com/logo.svg }', 'statusPage.logo', /a file beside this one.*put a copy/s],
    ['{ logo: ../logo.svg }', 'statusPage.logo', /a file beside this one/],
    ['{ logo: /etc/logo.svg }', 'statusPage.logo', /a file beside this one/],
    [
      '{ serviceHours: { zone: Europe/Berlim, week: Mon-Fri 08:00-18:00 } }',
      'statusPage.serviceHours.zone',
      /did you mean `Europe\/Berlin`/,
    ],
    ["{ serviceHours: { zone: UTC, week: 'Mon-Fri 8-25' } }", 'statusPage.serviceHours.week', /8-25/],
    ['{ titel: Mail }', 'statusPage.titel', /did you mean `title`/],
  ];
  const deployed: readonly [string, string, RegExp][] = [
    ['{ title: Mail }', 'statusPage.access', /is missing.*`public`, `private` or `off`/s],
    ['{ access: public, domain: status.example.com }', 'statusPage.domain', /needs `certificateArn`/],
    [`{ access: public, certificateArn: "${arn}" }`, 'statusPage.certificateArn', /needs `domain`/],
    [
      `{ access: public, domain: status.example.com, certificateArn: "${arn.replace('us-east-1', 'eu-west-1')}" }`,
      'statusPage.certificateArn',
      /is of eu-west-1.*us-east-1/s,
    ],
    [
      '{ access: public, domain: status.example.com, certificateArn: "arn:aws:iam::123456789012:server-certificate/x" }',
      'statusPage.certificateArn',
      /is not the ARN of a certificate of ACM/,
    ],
    [
      '{ access: private, password: { env: PAGE } }',
      'statusPage.password.env',
      /one machine only.*\{ secret: NAME \}/s,
    ],
    ['{ access: private }', 'statusPage.access', /nobody can read it.*`password: \{ secret: NAME \}`/s],
  ];
  test.each([
    ...local.map(([page, ...rest]) => [`statusPage: ${page}\n${targets}`, ...rest] as const),
    ...deployed.map(([page, ...rest]) => [`statusPage: ${page}\n${aws}`, ...rest] as const),
  ])('%s', (text, path, words) => {
    const parsed = parse(text);
    if (parsed.ok) throw new Error('it was accepted');
    const shown = formatProblems(parsed.problems);
    expect(parsed.problems).toHaveLength(1);
    expect(shown).toContain(`smtp-quorum.yaml:1:`);
    expect(shown).toContain(`${path}: `);
    expect(shown).toMatch(words);
    expect(shown).not.toContain('hunter2');
  });
});

test('a bounce domain that the config does not know may be named', () => {
  const text = `bounces: { sources: [{ log: /var/log/mail.log }] }\nstatusPage: { show: { news.example.com: none } }\n${targets}`;
  expect(pageOf(text)?.show).toEqual({ 'news.example.com': 'none' });
});

describe('the defaults', () => {
  test.each([
    ['aws', undefined, 'off', 'full'],
    ['local', undefined, 'loopback', 'full'],
    ['local', { access: 'off' }, 'off', 'full'],
    ['aws', { access: 'public' }, 'public', 'name'],
    ['local', { access: 'public' }, 'public', 'name'],
    ['aws', { access: 'private', allow: ['192.0.2.1'] }, 'private', 'full'],
  ] as const)('%s: %j', (place, statusPage, access, others) => {
    const settings = pageSettings(statusPage === undefined ? {} : { statusPage }, place);
    expect(settings).toMatchObject({
      access,
      title: 'Mail servers',
      logo: null,
      domain: null,
      show: { rules: [], others },
    });
    expect(settings.allow).toEqual(access === 'private' ? ['192.0.2.1'] : null);
  });

  test.each([
    ['mx1', 'full'],
    ['mx2', 'none'],
    ['25', 'name'],
    ['other', 'name'],
  ])('a name counts before a pattern, and a pattern before those after it: %s', (name, shown) => {
    const { show } = pageSettings(
      { statusPage: { access: 'public', show: { 'mx*': 'none', '2?': 'full', mx1: 'full', 25: 'name' } } },
      'aws',
    );
    expect(shownOf(show, name)).toBe(shown);
  });

  test.each<[NonNullable<StatusPage['access']>, NonNullable<StatusPage['show']>, boolean]>([
    ['private', {}, true],
    ['private', { mx1: 'name' }, false],
    ['private', { '*': 'full', 'mx*': 'full' }, true],
    ['private', { '*': 'name' }, false],
    ['public', {}, false],
    ['public', { mx1: 'full', 'mx*': 'full' }, false],
    ['public', { '*': 'full' }, true],
    ['public', { '*': 'full', mx1: 'name' }, false],
    ['public', { '*': 'full', 'mx*': 'none' }, false],
  ])('a page that is %s with %j: nothing is hidden: %s', (access, show, whole) => {
    expect(hidesNothing(pageSettings({ statusPage: { access, show } }, 'aws').show)).toBe(whole);
  });
});
