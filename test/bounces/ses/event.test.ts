import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSesEvent } from '../../../lambda/bounces/ses/event.ts';
import { BODY, RECIPIENT, SES_TYPES, type SesType, SUBJECT, sesEvent } from './ses-events.ts';

describe('each kind of event', () => {
  const cases: readonly [SesType, object][] = [
    [
      'Email Delivered',
      { kind: 'delivered', delay: 2.5, recipients: [{ domain: 'mail.example.net', code: '2.0.0', text: '' }] },
    ],
    [
      'Email Bounced',
      {
        kind: 'bounced',
        recipients: [
          {
            domain: 'mail.example.net',
            code: '5.7.515',
            text: '550 5.7.515 Access denied, sending domain example.com; <name> (<address>): <name>',
          },
        ],
      },
    ],
    [
      'Email Complaint Received',
      { kind: 'complained', recipients: [{ domain: 'mail.example.net', code: '-', text: '' }] },
    ],
    [
      'Email Delivery Delayed',
      { kind: 'deferred', recipients: [{ domain: 'mail.example.net', code: '4.2.2', text: '452 4.2.2 over quota' }] },
    ],
    ['Email Rejected', { kind: 'rejected', recipients: [{ domain: null, code: '-', text: '' }] }],
  ];
  test.each(cases)('%s', (type, expected) => {
    expect(readSesEvent(sesEvent(type))).toMatchObject({ from: 'example.com', ...expected });
  });
});

describe('what is read of it', () => {
  test.each<[string, object | null, object | null]>([
    ['the time of the bounce', sesEvent('Email Bounced'), { at: Date.parse('2026-11-26T09:12:07Z') }],
    [
      'the time of the event, where the part has none',
      sesEvent('Email Rejected'),
      { at: Date.parse('2026-11-26T09:12:08Z') },
    ],
    [
      'the domain of the source, without a tag',
      sesEvent('Email Delivered', { mail: { tags: {} } }),
      { from: 'shop.example.com' },
    ],
    ['no domain, where there is none', sesEvent('Email Delivered', { mail: { tags: {}, source: 'x' } }), { from: '-' }],
    [
      'the code of `status`, where the reply has none',
      sesEvent('Email Bounced', { part: { bouncedRecipients: [{ emailAddress: RECIPIENT, status: '5.1.1' }] } }),
      { recipients: [{ domain: 'mail.example.net', code: '5.1.1', text: '' }] },
    ],
    [
      'the class of the bounce, without any code',
      sesEvent('Email Bounced', {
        part: {
          bounceType: 'Transient',
          bounceSubType: 'MailboxFull',
          bouncedRecipients: [{ emailAddress: RECIPIENT }],
        },
      }),
      { recipients: [{ domain: 'mail.example.net', code: '4.0.0', text: '' }] },
    ],
    [
      'an address of a host is no code',
      sesEvent('Email Bounced', {
        part: {
          bouncedRecipients: [
            { emailAddress: RECIPIENT, status: '5.7.1', diagnosticCode: 'smtp; 550 Host 5.188.10.20 is blocked' },
          ],
        },
      }),
      { recipients: [{ code: '5.7.1', text: '550 Host 5.188.10.20 is blocked' }] },
    ],
    [
      'the code of the reply, after an address of a host',
      sesEvent('Email Bounced', {
        part: {
          bouncedRecipients: [{ emailAddress: RECIPIENT, diagnosticCode: 'smtp; 554 [4.31.198.44] 5.7.606 blocked' }],
        },
      }),
      { recipients: [{ code: '5.7.606' }] },
    ],
    [
      'a type and subtype that are new',
      sesEvent('Email Bounced', {
        part: { bounceType: 'Sometime', bounceSubType: 'Later', bouncedRecipients: [{ emailAddress: RECIPIENT }] },
      }),
      { recipients: [{ code: '5.0.0' }] },
    ],
    [
      'one of the list of the account is no bounce',
      sesEvent('Email Bounced', { part: { bounceSubType: 'OnAccountSuppressionList' } }),
      null,
    ],
    [
      'a complaint of one of the list of the account is none',
      sesEvent('Email Complaint Received', { part: { complaintSubType: 'OnAccountSuppressionList' } }),
      null,
    ],
    [
      'who says that it is no spam does not complain',
      sesEvent('Email Complaint Received', { part: { complaintFeedbackType: 'not-spam' } }),
      null,
    ],
    [
      'a complaint without a type counts',
      sesEvent('Email Complaint Received', { part: { complaintFeedbackType: undefined } }),
      { kind: 'complained' },
    ],
    [
      'a reply of somebody who is out of office is no bounce',
      sesEvent('Email Bounced', {
        part: {
          bounceType: 'Transient',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: RECIPIENT }],
        },
      }),
      null,
    ],
    [
      'a general bounce that a server reports is one',
      sesEvent('Email Bounced', {
        part: {
          bounceType: 'Transient',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: RECIPIENT, action: 'failed', status: '4.4.7' }],
        },
      }),
      { kind: 'bounced', recipients: [{ code: '4.4.7' }] },
    ],
    [
      'an undetermined bounce is one',
      sesEvent('Email Bounced', {
        part: {
          bounceType: 'Undetermined',
          bounceSubType: 'Undetermined',
          bouncedRecipients: [{ emailAddress: RECIPIENT }],
        },
      }),
      { kind: 'bounced', recipients: [{ code: '5.0.0' }] },
    ],
    ['another source', { ...sesEvent('Email Bounced'), source: 'aws.s3' }, null],
    ['another type', { ...sesEvent('Email Bounced'), 'detail-type': 'toString' }, null],
    ['no message', sesEvent('Email Bounced', { mail: { messageId: 7 } }), null],
    ['no recipients', sesEvent('Email Bounced', { part: { bouncedRecipients: 'x' } }), null],
    ['nothing', null, null],
  ])('%s', (_, event, expected) => {
    const read = readSesEvent(event);
    if (expected === null) expect(read).toBeNull();
    else expect(read).toMatchObject(expected);
  });

  test('the same event has the same id, and another one another', () => {
    const ids = [
      ...SES_TYPES.map((type) => sesEvent(type)),
      sesEvent('Email Bounced', { message: 'other' }),
      sesEvent('Email Bounced', { part: { feedbackId: 'other' } }),
      sesEvent('Email Delivery Delayed', { at: '2026-11-26T09:31:00.000Z' }),
    ].map((event) => readSesEvent(event)?.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(readSesEvent(sesEvent('Email Bounced'))?.id).toBe(readSesEvent(sesEvent('Email Bounced'))?.id);
  });

  test('recipients of one message that are reached in one millisecond have an event each', () => {
    const ids = (['Email Delivered', 'Email Delivery Delayed'] as const).flatMap((type) =>
      ['jane@example.net', 'john@example.net'].map((one) => readSesEvent(sesEvent(type, { recipients: [one] }))?.id),
    );
    expect(new Set(ids).size).toBe(4);
  });

  test('a reply that quotes another recipient of the message names neither', () => {
    const others = Array.from({ length: 50 }, (_, nth) => `person${nth}x@mail.example.net`);
    const event = sesEvent('Email Bounced', {
      mail: { destination: others.map((one) => `A Person <${one}>`) },
      part: {
        bouncedRecipients: [{ emailAddress: others[0], diagnosticCode: '550 5.1.1 person49x and person7x gone' }],
      },
    });
    expect(readSesEvent(event)?.recipients[0]?.text).toBe('550 5.1.1 <name> and <name> gone');
  });

  test('a reply that quotes the name before an address does not name it', () => {
    const event = sesEvent('Email Bounced', {
      mail: { destination: ['"Doe, John" <x17@mail.example.net>'] },
      part: {
        bouncedRecipients: [{ emailAddress: 'x17@mail.example.net', diagnosticCode: '550 5.1.1 Doe, John left' }],
      },
    });
    expect(readSesEvent(event)?.recipients[0]?.text).toBe('550 5.1.1 <name> left');
  });

  test('no recipient, subject or body is in it', () => {
    const hostile = `smtp; 550 5.1.1 ${RECIPIENT} JANE.ROE "${SUBJECT.replace(' ', '\r\n ')}" <${RECIPIENT}> jane.roe`;
    const event = sesEvent('Email Bounced', {
      part: { bouncedRecipients: [{ emailAddress: RECIPIENT, diagnosticCode: hostile }] },
      mail: { body: BODY },
    });
    const text = JSON.stringify([readSesEvent(event), ...SES_TYPES.map((type) => readSesEvent(sesEvent(type)))]);
    expect(text).not.toMatch(/jane|roe|invoice|november|dear/i);
  });
});

test('no event throws, whatever it has', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.record({
        source: fc.constant('aws.ses'),
        'detail-type': fc.constantFrom(...SES_TYPES),
        detail: tie('detail'),
      }),
    ),
    detail: fc.dictionary(
      fc.constantFrom('mail', 'bounce', 'delivery', 'complaint', 'deliveryDelay', 'reject'),
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          messageId: fc.string(),
          timestamp: fc.oneof(fc.string(), fc.constant('2026-11-26T09:12:07.000Z')),
          bouncedRecipients: fc.array(
            fc.oneof(
              fc.jsonValue(),
              fc.record({ emailAddress: fc.string(), diagnosticCode: fc.string({ maxLength: 2000 }) }),
            ),
          ),
        }),
      ),
    ),
  })).any;
  fc.assert(
    fc.property(value, (event) => {
      const read = readSesEvent(event);
      if (read === null) return;
      expect(read.id).toHaveLength(8);
      expect(read.recipients.every(({ text, code }) => text.length <= 300 && code.length <= 9)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
