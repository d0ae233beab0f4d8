import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amazonQSender, customNotification } from '../../../../lambda/alert/channels/pagers/amazon-q.ts';
import { phoneSender, voiceCall } from '../../../../lambda/alert/channels/pagers/phone.ts';
import { MOST_SSML } from '../../../../lambda/alert/channels/pagers/speech.ts';
import type { ServicePorts } from '../../../../lambda/alert/channels/service-ports.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import { alert, anyAlert, context, incident } from '../../alerts.ts';
import { acknowledged, isWhole, message, recordingPorts, recovered, send } from './worlds.ts';

const phone = {
  kind: 'phone',
  number: '+15555550100',
  from: 'pool-0123456789abcdef0123456789abcdef',
  voice: 'AMY',
  mostPerMinute: 0.05,
} as const;
const room = { kind: 'amazon-q', topicArn: 'arn:aws:sns:us-east-1:123456789012:mail-chat' } as const;

const speechOf = (subject: string, reason: string) =>
  voiceCall(phone, { ...PLAIN, alert: alert('unknown', { subject, reason, is: 'unknown' }) }, context).ssml;

/** What a voice reads, by the tags that it knows. Throws on markup of any other form. */
function read(ssml: string): string {
  const inner = /^<speak>(.*)<\/speak>$/s.exec(ssml)?.[1] ?? '';
  const words = inner.replace(
    /<say-as interpret-as="(?:characters|digits)">([A-Za-z0-9]+)<\/say-as>|<break time="1s"\/>/g,
    '$1 ',
  );
  if (/[<>&"]/.test(words)) throw new Error(`markup: ${words}`);
  return words;
}

describe('a call', () => {
  test('says the alert twice, at a bounded price, and not after five minutes', async () => {
    const ports = recordingPorts();
    expect(await send(phoneSender(phone, ports), message('down'))).toEqual({ taken: true, answer: 'message c-1' });
    const [call] = ports.calls;
    expect(call).toMatchObject({
      number: '+15555550100',
      from: phone.from,
      voice: 'AMY',
      mostPerMinute: '0.05000',
      wantedFor: 300,
      alert: 'mx1@2026-11-22T05:08:00Z#1-down',
    });
    const spelled =
      '<say-as interpret-as="characters">mx1</say-as> is down since <say-as interpret-as="digits">05</say-as>';
    expect(call?.ssml.split(spelled)).toHaveLength(3);
  });

  test.each([
    ['mx-1.example.com', 'mx dash 1 dot example dot com is unknown'],
    ['mail_a', 'mail underscore a is unknown'],
    ['<speak>&amp;"', 'speak amp is unknown'],
  ])('%s is spelled', (subject, words) => {
    expect(read(speechOf(subject, 'nobody voted')).replace(/ +/g, ' ')).toContain(words);
  });

  test('any alert is speech of bounded length without markup of a server', () => {
    fc.assert(
      fc.property(anyAlert, (one) => {
        const { ssml } = voiceCall(phone, { ...PLAIN, alert: one }, context);
        expect(ssml.length).toBeLessThanOrEqual(MOST_SSML);
        expect(isWhole(ssml)).toBe(true);
        expect(read(ssml)).toMatch(/^[\p{L}\p{N} .,;:'%]*$/u);
      }),
    );
  });

  test.each([
    ['digits', '1 '.repeat(40_000)],
    ['tags', '<break time="9999s"/>'.repeat(3_000)],
    ['astral characters', '\u{1f600}𝒳'.repeat(20_000)],
    ['signs', '-.'.repeat(32_000)],
  ])('64 KB of %s are bounded', (_, text) => {
    const ssml = speechOf(text, text);
    expect(ssml.length).toBeLessThanOrEqual(MOST_SSML);
    expect(ssml).not.toContain('time="9999s"');
    read(ssml);
  });
});

describe('Amazon Q', () => {
  test('all notifications of an incident are one thread, with what a button needs', async () => {
    const ports = recordingPorts();
    for (const one of [message('down'), acknowledged(), recovered])
      expect(await send(amazonQSender(room, ports), one)).toEqual({ taken: true, answer: 'message m-1' });
    const sent = ports.published.map(({ text }) => JSON.parse(text));
    expect(ports.published.map(({ topicArn }) => topicArn)).toEqual([room.topicArn, room.topicArn, room.topicArn]);
    expect(sent.map(({ version, source }) => [version, source])).toEqual([
      ['1.0', 'custom'],
      ['1.0', 'custom'],
      ['1.0', 'custom'],
    ]);
    expect(new Set(sent.map(({ metadata }) => metadata.threadId))).toEqual(new Set([incident.id]));
    expect(sent.map(({ metadata }) => metadata.additionalContext)).toEqual(
      ['open', 'acknowledge', 'close'].map((action) => ({ monitor: 'smtp-quorum', incident: incident.id, action })),
    );
  });

  test('hostile text is text: no mention, no link with another text, no emphasis', () => {
    const reason =
      '<!channel> @everyone [here](https://evil.example) *bold* `code` ~no~ | # title \u202e \x1b[31m <script>';
    const sent = { ...PLAIN, alert: alert('unknown', { reason, subject: reason }) };
    const { title, description, keywords } = customNotification(sent, context).content;
    const text = [title, description, ...keywords].join('\n');
    expect(text).not.toMatch(/[<>[\]*`~|#@\u202e]|:\/\/|\p{Cc}(?<!\n)/u);
    expect(text).toContain('bold');
  });

  test('any alert fits the topic', () => {
    fc.assert(
      fc.property(anyAlert, (one) => {
        const notification = customNotification({ ...PLAIN, alert: one }, context);
        const { title, description } = notification.content;
        expect(title.length).toBeLessThanOrEqual(150);
        expect(isWhole(description) && isWhole(title)).toBe(true);
        expect(Buffer.byteLength(JSON.stringify(notification))).toBeLessThan(20_000);
        for (const value of Object.values(notification.metadata.additionalContext))
          expect(value.length).toBeLessThanOrEqual(1024);
      }),
    );
  });
});

describe.each([
  ['a call', (ports: ServicePorts, timeout?: number) => phoneSender(phone, ports, timeout)],
  ['Amazon Q', (ports: ServicePorts, timeout?: number) => amazonQSender(room, ports, timeout)],
])('%s that fails', (_, senderFor) => {
  const failing = (error: () => Promise<string>): ServicePorts => ({
    ...recordingPorts(),
    aws: { publish: error, call: error },
  });

  test('is refused in the words of AWS, without the number', async () => {
    const error = Object.assign(new Error(`${phone.number} is not verified\u202e`), { name: 'ConflictException' });
    const result = await send(senderFor(failing(() => Promise.reject(error))), message('down'));
    expect(result).toMatchObject({ taken: false, retryAfter: null });
    expect(JSON.stringify(result)).toContain('ConflictException: ');
    expect(JSON.stringify(result)).not.toContain('\u202e');
  });

  test('hangs: the attempt ends', async () => {
    const hang = (_place: unknown, _what: unknown, signal?: AbortSignal) =>
      new Promise<string>((__, reject) => {
        const stop = signal ?? (_what as AbortSignal);
        stop.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const ports = { ...recordingPorts(), aws: { publish: hang, call: hang } };
    expect(await send(senderFor(ports, 100), message('down'))).toEqual({
      taken: false,
      words: 'no reply within 0.1 s',
      retryAfter: null,
    });
  });

  test('fails twice, and then is taken', async () => {
    let tries = 0;
    const ports = failing(async () => {
      tries += 1;
      if (tries < 3) throw new Error('throttled');
      return 'm-9';
    });
    const results = [];
    for (let nth = 0; nth < 3; nth += 1) results.push((await send(senderFor(ports), message('down'))).taken);
    expect(results).toEqual([false, false, true]);
  });

  test('is told on one machine', async () => {
    const { aws: _aws, ...local } = recordingPorts();
    expect(await send(senderFor(local), message('down'))).toMatchObject({
      taken: false,
      words: 'only AWS does this, not one machine',
    });
  });
});

test('the number of a person is in no answer', async () => {
  const error = new Error(`cannot call ${phone.number} from ${phone.from}`);
  const ports = { ...recordingPorts(), aws: { publish: async () => '', call: () => Promise.reject(error) } };
  expect(await send(phoneSender(phone, ports), message('down'))).toMatchObject({
    words: 'Error: cannot call *** from ***',
  });
});
