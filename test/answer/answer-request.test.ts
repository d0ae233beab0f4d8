import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { incidentKeyOf } from '../../lambda/alert/channels/pagers/incident-of-alert.ts';
import { takeAlert } from '../../lambda/alert/routing/take-alert.ts';
import { linkToken } from '../../lambda/answer/acknowledge-link.ts';
import { answerRequest } from '../../lambda/answer/answer-request.ts';
import type { HttpRequest } from '../../lambda/answer/http.ts';
import { openRateLimit } from '../../lambda/answer/rate-limit.ts';
import type { Config } from '../../lambda/config/config.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import { openNotifications } from '../../lambda/history/notifications/notification-store.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { alert } from '../alert/alerts.ts';
import { type Answered, answersConfig, INCIDENTS, NOW, openAnswered } from './answered.ts';
import {
  LINK_KEY,
  PAGERDUTY_SECRET,
  pagerDutyEvent,
  press,
  request,
  SLACK_SECRET,
  signedByPagerDuty,
  signedBySlack,
} from './clicks.ts';

const token = (incident: string = INCIDENTS.target, expires = NOW / 1000 + 60) =>
  linkToken({ incident, address: 'ops@example.com', expires }, LINK_KEY);
const link = (method: string, made = token()) => request(method, `/acknowledge/${made}`);

async function byOf({ ports }: Answered, incident: string = INCIDENTS.target): Promise<string | undefined> {
  return (await ports.findOpenIncident(incident))?.acknowledged?.by;
}

describe('secrets', () => {
  const stored: Record<string, string> = { SLACK: 'the old one', PAGERDUTY: 'the old one', LINKS: 'x'.repeat(32) };
  const current: Record<string, string> = { SLACK: SLACK_SECRET, PAGERDUTY: PAGERDUTY_SECRET, LINKS: LINK_KEY };
  const secret: Answered['ports']['secret'] = async (reference, refused) => {
    const name = 'env' in reference ? reference.env : '';
    const value = refused === undefined ? stored[name] : current[name];
    if (value === undefined) throw new Error('the secret was deleted');
    return value;
  };
  const cases = [
    ['Slack', press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, NOW)],
    ['PagerDuty', signedByPagerDuty(pagerDutyEvent(`smtp-quorum/${INCIDENTS.target}`), PAGERDUTY_SECRET)],
    ['a link', link('POST')],
  ] as const;

  test.each(cases)(
    '%s: one that is rotated is read again, and one that cannot be read hinders no other',
    async (_, sent) => {
      const answered = await openAnswered({ secret });
      expect((await answerRequest(answered.ports, sent)).status).toBe(200);
      expect(await byOf(answered)).toBeDefined();
    },
  );

  test('a false signature is an error of ours while a secret cannot be read', async () => {
    const { ports } = await openAnswered({ secret });
    const forged = press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, NOW, 'another');
    expect((await answerRequest(ports, forged)).status).toBe(503);
  });
});

describe('buttons of Slack', () => {
  test.each(Object.values(INCIDENTS))('Acknowledge of %s', async (incident) => {
    const answered = await openAnswered();
    const { status, body } = await answerRequest(
      answered.ports,
      press({ action: 'smtp-quorum-acknowledge', value: incident }, NOW),
    );
    expect([status, body]).toEqual([200, '']);
    expect(await byOf(answered, incident)).toBe('operator (Slack)');
  });

  test('Mute 1 h mutes the target for an hour from the press, however often Slack repeats it', async () => {
    const answered = await openAnswered();
    const pressed = press({ action: 'smtp-quorum-mute-1h', value: INCIDENTS.target, at: NOW - 2_000 }, NOW);
    for (let nth = 0; nth < 2; nth++) expect((await answerRequest(answered.ports, pressed)).status).toBe(200);
    const until = NOW - 2_000 + 3_600_000;
    expect(await answered.mutes()).toMatchObject([
      { targets: ['mx1'], by: 'operator (Slack)', until, why: `by a button, during ${INCIDENTS.target}`, version: 1 },
    ]);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('a press that claims another time is taken for now', async () => {
    const answered = await openAnswered();
    await answerRequest(
      answered.ports,
      press({ action: 'smtp-quorum-mute-1h', value: INCIDENTS.target, at: NOW + 1e12 }, NOW),
    );
    expect((await answered.mutes())[0]?.until).toBe(NOW + 3_600_000);
  });

  test.each([
    { what: 'an incident that is over', action: 'smtp-quorum-acknowledge', value: 'mx1@2026-11-01T00:00:00Z' },
    { what: 'an unknown incident', action: 'smtp-quorum-mute-1h', value: 'nobody@2026-11-01T00:00:00Z' },
    { what: 'another button', action: 'view', value: INCIDENTS.target },
    { what: 'a value that is no text', action: 'smtp-quorum-acknowledge', value: { $ne: null } },
  ])('answered, and nothing is changed: $what', async ({ action, value }) => {
    const answered = await openAnswered();
    expect((await answerRequest(answered.ports, press({ action, value }, NOW))).status).toBe(200);
    expect(await answered.mutes()).toEqual([]);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('names that a person chose are inert text', async () => {
    const answered = await openAnswered();
    const user = { username: '<!channel>\u202e\u001b[31m'.repeat(50) };
    await answerRequest(
      answered.ports,
      press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target, user }, NOW),
    );
    const by = (await byOf(answered)) ?? '';
    expect(by.length).toBeLessThanOrEqual(120);
    expect(by).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('webhooks of PagerDuty', () => {
  test('a key that is a hash is that of an incident that was told', async () => {
    const domain = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(40)}.example.com`;
    const id = `${domain}/bounces@2026-11-22T05:08:00Z`;
    const key = incidentKeyOf('smtp-quorum', id);
    expect(key).toMatch(/^smtp-quorum\/[0-9a-f]{64}$/);
    const asked: string[] = [];
    const answered = await openAnswered({
      acknowledge: async (incident) => {
        asked.push(incident);
        return { outcome: 'over' };
      },
    });
    const event = signedByPagerDuty(pagerDutyEvent(key), PAGERDUTY_SECRET);
    expect((await answerRequest(answered.ports, event)).status).toBe(200);
    expect(asked).toEqual([]);
    const told = { ...alert('down'), id: `${id}#1-bounces`, incident: { ...alert('down').incident, id } } as Alert;
    const routing = { entries: [], tagsOf: () => [], holdOf: () => null, isWithinHours: () => true };
    await openNotifications(answered.table).change(id, () => takeAlert(null, told, routing, NOW));
    expect((await answerRequest(answered.ports, event)).status).toBe(200);
    expect(asked).toEqual([id]);
  });

  test('an acknowledgement there is one here, by the person', async () => {
    const answered = await openAnswered();
    const event = signedByPagerDuty(
      pagerDutyEvent(`smtp-quorum/${INCIDENTS.listed}`),
      'the new secret',
      PAGERDUTY_SECRET,
    );
    expect((await answerRequest(answered.ports, event)).status).toBe(200);
    expect(await byOf(answered, INCIDENTS.listed)).toBe('Tenex Engineer (PagerDuty)');
    expect(await byOf(answered)).toBeUndefined();
  });

  test.each([
    { what: 'another event', text: pagerDutyEvent(`smtp-quorum/${INCIDENTS.target}`, 'incident.resolved') },
    { what: 'an incident of another monitor', text: pagerDutyEvent('d3640fbd41094207a1c11e58e46b1662') },
    { what: 'the same target of another monitor', text: pagerDutyEvent(`staging/${INCIDENTS.target}`) },
    { what: 'no monitor', text: pagerDutyEvent(INCIDENTS.target) },
    { what: 'no key', text: pagerDutyEvent(undefined) },
    { what: 'a key that is no text', text: pagerDutyEvent(['mx1']) },
    { what: 'no event', text: '{}' },
    { what: 'prototype', text: '{"__proto__":{"event":1},"event":{"event_type":"incident.acknowledged","data":null}}' },
  ])('accepted, and nothing is changed: $what', async ({ text }) => {
    const answered = await openAnswered();
    expect((await answerRequest(answered.ports, signedByPagerDuty(text, PAGERDUTY_SECRET))).status).toBe(200);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('an agent without a name is somebody', async () => {
    const answered = await openAnswered();
    const text = pagerDutyEvent(`smtp-quorum/${INCIDENTS.target}`, 'incident.acknowledged', null);
    await answerRequest(answered.ports, signedByPagerDuty(text, PAGERDUTY_SECRET));
    expect(await byOf(answered)).toBe('somebody (PagerDuty)');
  });
});

describe('links', () => {
  test('GET and HEAD show what the link would do, as often as a scanner asks, and write nothing', async () => {
    const puts: string[] = [];
    const answered = await openAnswered({}, (table: Table) => ({
      ...table,
      put: async (item, condition) => {
        puts.push(item.sk);
        return table.put(item, condition);
      },
    }));
    for (let nth = 0; nth < 20; nth++) {
      const { status, body, headers } = await answerRequest(answered.ports, link('GET'));
      expect(status).toBe(200);
      expect(body).toContain('mx1: acknowledge');
      expect(body).toContain('2026-11-22 05:08:00 UTC');
      expect(body).toContain('made for ops@example.com');
      expect(body).toContain('<form method="post"><button type="submit">Acknowledge</button></form>');
      expect(headers['cache-control']).toBe('no-store');
    }
    const head = await answerRequest(answered.ports, link('HEAD'));
    expect([head.status, head.body]).toEqual([200, '']);
    expect(puts).toEqual([]);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('POST acknowledges by the address, and the same again changes nothing', async () => {
    const answered = await openAnswered();
    const first = await answerRequest(answered.ports, link('POST'));
    expect([first.status, await byOf(answered)]).toEqual([200, 'ops@example.com']);
    expect(first.body).toContain('mx1: acknowledged<');
    const again = await answerRequest(answered.ports, link('POST'));
    expect(again.body).toBe(first.body);
    const shown = await answerRequest(answered.ports, link('GET'));
    expect(shown.body).toContain('Acknowledged by <strong>ops@example.com</strong>');
    expect(shown.body).not.toContain('<form');
  });

  test('who comes after somebody else learns who it was', async () => {
    const answered = await openAnswered();
    await answered.ports.acknowledge(INCIDENTS.target, 'duty <duty@example.com>', NOW);
    const { body } = await answerRequest(answered.ports, link('POST'));
    expect(body).toContain('acknowledged already');
    expect(body).toContain('duty &lt;duty@example.com&gt;');
  });

  test.each(['GET', 'POST'])('%s for an incident that is over says so', async (method) => {
    const answered = await openAnswered();
    const { status, body } = await answerRequest(answered.ports, link(method, token('mx1@2026-11-01T00:00:00Z')));
    expect([status, body.includes('This incident is over')]).toEqual([200, true]);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('a link does nothing for another incident', async () => {
    const answered = await openAnswered();
    await answerRequest(answered.ports, link('POST', token(INCIDENTS.trip)));
    const acknowledged = await Promise.all(Object.values(INCIDENTS).map((id) => byOf(answered, id)));
    expect(acknowledged.filter((by) => by !== undefined)).toHaveLength(1);
    expect(await byOf(answered, INCIDENTS.trip)).toBe('ops@example.com');
  });

  test.each([
    { what: 'expired', made: token(INCIDENTS.target, NOW / 1000) },
    {
      what: 'of another key',
      made: linkToken({ incident: INCIDENTS.target, address: 'a@example.com', expires: 9e9 }, 'x'.repeat(32)),
    },
    { what: 'cut', made: token().slice(0, -1) },
    { what: 'made up', made: 'abc.def' },
  ])('a link that is $what says the same as any other that is not valid', async ({ made }) => {
    const answered = await openAnswered();
    const answers = await Promise.all(
      ['GET', 'POST'].map((method) => answerRequest(answered.ports, link(method, made))),
    );
    const invalid = await answerRequest(answered.ports, link('GET', 'x'));
    expect(answers).toEqual([invalid, invalid]);
    expect(invalid.status).toBe(401);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('text of servers is inert, and the policy permits no script and no other style', async () => {
    const { ports } = await openAnswered();
    const { body, headers } = await answerRequest(ports, link('GET'));
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).not.toMatch(/<script|<img|onerror=|https?:/);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; form-action 'self';/);
    expect(policy).toContain("frame-ancestors 'none'");
    const style = /<style>([\s\S]*)<\/style>/.exec(body)?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString('base64')}'`);
    expect(style).toContain('prefers-color-scheme:dark');
    expect(body).toContain('name="viewport"');
  });
});

describe('what is refused', () => {
  const slackText = 'payload=%7B%7D';
  const cases: readonly { what: string; made: HttpRequest; status: number }[] = [
    { what: 'an unknown path', made: request('GET', '/'), status: 404 },
    { what: 'a path below', made: request('POST', '/slack/'), status: 404 },
    { what: 'a link with a slash', made: request('GET', `/acknowledge/${token()}/`), status: 404 },
    { what: 'a link of 3,000 characters', made: request('GET', `/acknowledge/${'a'.repeat(3000)}`), status: 404 },
    { what: 'GET of Slack', made: request('GET', '/slack'), status: 405 },
    { what: 'PUT of a link', made: link('PUT'), status: 405 },
    { what: 'a method of the prototype', made: request('toString', '/slack'), status: 405 },
    { what: 'POST of health', made: request('POST', '/health'), status: 405 },
    {
      what: 'Slack without a signature',
      made: request('POST', '/slack', { body: Buffer.from(slackText) }),
      status: 401,
    },
    { what: 'Slack, six minutes old', made: signedBySlack(slackText, NOW - 360_000), status: 401 },
    { what: 'Slack, of an unknown app', made: signedBySlack(slackText, NOW, 'unknown'), status: 401 },
    { what: 'Slack signed, with a payload that is a text', made: signedBySlack('payload=%22a%22', NOW), status: 400 },
    { what: 'Slack signed, without payload', made: signedBySlack('a=b', NOW), status: 400 },
    { what: 'PagerDuty without a signature', made: signedByPagerDuty('{}'), status: 401 },
    { what: 'PagerDuty signed with the secret of Slack', made: signedByPagerDuty('{}', 'unknown'), status: 401 },
    { what: 'PagerDuty signed, no JSON', made: signedByPagerDuty('{', PAGERDUTY_SECRET), status: 400 },
    { what: 'PagerDuty signed, a list', made: signedByPagerDuty('[]', PAGERDUTY_SECRET), status: 400 },
    { what: '64 KB and an octet', made: signedByPagerDuty(' '.repeat(65_537), PAGERDUTY_SECRET), status: 413 },
  ];

  test.each(cases)('$what: $status, without detail', async ({ made, status }) => {
    const answered = await openAnswered();
    const answer = await answerRequest(answered.ports, made);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(/^[A-Z][a-z ]{3,30}\.\n$/);
    expect(await byOf(answered)).toBeUndefined();
    // The log has the reason, and nothing of the body.
    expect(JSON.stringify(answered.logged)).not.toMatch(/payload=|v0=|v1=/);
  });

  test('405 says what is allowed', async () => {
    const { ports } = await openAnswered();
    expect((await answerRequest(ports, link('PUT'))).headers.allow).toBe('GET, HEAD, POST');
    expect((await answerRequest(ports, request('GET', '/slack'))).headers.allow).toBe('POST');
  });

  test.each(['/slack', '/pagerduty', `/acknowledge/${token()}`])(
    '%s is not there if no channel needs it',
    async (path) => {
      const { answers: _, ...rest } = answersConfig;
      const { ports } = await openAnswered({ config: { ...rest, notify: [] } as Config });
      for (const method of ['GET', 'POST'])
        expect((await answerRequest(ports, request(method, path))).status).toBe(404);
      expect((await answerRequest(ports, request('GET', '/health'))).status).toBe(204);
    },
  );

  test('a captured press of Slack is not taken six minutes later', async () => {
    let now = NOW;
    const answered = await openAnswered({ now: () => now });
    const captured = press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, NOW);
    now += 360_000;
    expect((await answerRequest(answered.ports, captured)).status).toBe(401);
    expect(await byOf(answered)).toBeUndefined();
  });

  test('no request without a valid signature changes anything, whatever it says', async () => {
    const answered = await openAnswered({ requests: openRateLimit({ each: 1e6, all: 1e6 }) });
    const header = fc.option(fc.string({ unit: 'binary', maxLength: 100 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/slack', '/pagerduty', `/acknowledge/${token().slice(1)}`),
        fc.constantFrom('GET', 'POST', 'HEAD'),
        fc.record({
          'x-slack-signature': header,
          'x-slack-request-timestamp': fc.constant(String(NOW / 1000)),
          'x-pagerduty-signature': header,
        }),
        fc.uint8Array({ maxLength: 2_000 }),
        async (path, method, headers, body) => {
          const { status } = await answerRequest(answered.ports, request(method, path, { headers, body }));
          expect([401, 404, 405]).toContain(status);
        },
      ),
      { numRuns: 300 },
    );
    for (const incident of Object.values(INCIDENTS)) expect(await byOf(answered, incident)).toBeUndefined();
  });
});

describe('trouble of our own', () => {
  test('a secret that cannot be read is 503, and is said in the log without the request', async () => {
    const answered = await openAnswered({ secret: () => Promise.reject(new Error('AccessDeniedException')) });
    const { status, headers, body } = await answerRequest(answered.ports, link('POST'));
    expect([status, body, headers['retry-after']]).toEqual([503, 'Not available. Try again.\n', '5']);
    expect(answered.logged).toEqual([
      {
        level: 'error',
        message: 'a request to acknowledge was refused',
        facts: { route: 'link', status: '503', why: 'AccessDeniedException' },
      },
    ]);
  });

  test('a table that hangs is answered before Slack gives up', async () => {
    const answered = await openAnswered({ acknowledge: () => new Promise(() => {}) });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const { status } = await answerRequest(
      answered.ports,
      press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, NOW),
    );
    const times = timers.mock.calls.map(([, milliseconds = 0]) => milliseconds);
    vi.restoreAllMocks();
    expect(status).toBe(503);
    expect(Math.max(...times)).toBeLessThan(3_000);
  });

  test.each([
    { what: 'Slack', made: press({ action: 'smtp-quorum-acknowledge', value: INCIDENTS.target }, NOW) },
    { what: 'PagerDuty', made: signedByPagerDuty(pagerDutyEvent(`smtp-quorum/${INCIDENTS.target}`), PAGERDUTY_SECRET) },
    { what: 'a link', made: link('POST') },
  ])('a verdict that changes each time is an error that $what repeats', async ({ made }) => {
    const { ports } = await openAnswered({ acknowledge: async () => ({ outcome: 'busy' }) });
    expect((await answerRequest(ports, made)).status).toBe(503);
  });

  test('of a thousand refusals, ten in a minute are logged', async () => {
    const answered = await openAnswered({ requests: openRateLimit({ each: 2_000, all: 2_000 }) });
    for (let nth = 0; nth < 1_000; nth++) await answerRequest(answered.ports, signedByPagerDuty('{}'));
    expect(answered.logged).toHaveLength(10);
  });
});

describe('rates', () => {
  const shown = (ports: Answered['ports'], source: string) =>
    answerRequest(ports, request('GET', '/health', { source }));

  test('a source that asks too often waits until the minute ends; others are answered', async () => {
    let now = NOW + 15_000;
    const { ports } = await openAnswered({ now: () => now, requests: openRateLimit({ each: 3, all: 100 }) });
    const statuses = [];
    for (let nth = 0; nth < 5; nth++) statuses.push((await shown(ports, '192.0.2.1')).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
    expect((await shown(ports, '192.0.2.1')).headers['retry-after']).toBe('45');
    expect((await shown(ports, '192.0.2.2')).status).toBe(204);
    now += 45_000;
    expect((await shown(ports, '192.0.2.1')).status).toBe(204);
  });

  test('all sources together are bounded', async () => {
    const { ports } = await openAnswered({ requests: openRateLimit({ each: 3, all: 10 }) });
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, nth) => shown(ports, `192.0.2.${nth}`)));
    expect(statuses.filter(({ status }) => status === 204)).toHaveLength(10);
  });

  test.each([
    { sources: ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:DB8:0000::3'], answered: 1 },
    { sources: ['2001:db8::1', '2001:db8:0:1::1', '2001:db9::1'], answered: 3 },
    { sources: ['::ffff:192.0.2.1', '::ffff:192.0.2.2'], answered: 2 },
    { sources: ['', '', 'x'.repeat(10_000), 'x'.repeat(20_000)], answered: 2 },
  ])('the addresses of one network are one source: $answered of $sources', ({ sources, answered }) => {
    const limit = openRateLimit({ each: 1, all: 100 });
    expect(sources.filter((source) => limit.take(source, NOW))).toHaveLength(answered);
  });
});
