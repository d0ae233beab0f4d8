/** Events of Amazon SES as EventBridge hands them over, with addresses of people in every place that has one. */

export const RECIPIENT = 'jane.roe@mail.example.net';
export const SUBJECT = 'Your invoice of November';
export const BODY = 'Dear Jane, here it is';

const mail = {
  timestamp: '2026-11-26T09:10:00.000Z',
  source: 'Example Shop <bounces@shop.example.com>',
  sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/example.com',
  sendingAccountId: '123456789012',
  messageId: '0100018d-example-000000',
  destination: [RECIPIENT],
  headersTruncated: false,
  headers: [
    { name: 'To', value: `Jane Roe <${RECIPIENT}>` },
    { name: 'Subject', value: SUBJECT },
  ],
  commonHeaders: { from: ['shop@example.com'], to: [RECIPIENT], subject: SUBJECT },
  tags: { 'ses:from-domain': ['example.com'], 'ses:source-ip': ['192.0.2.1'], 'ses:caller-identity': ['mailer'] },
};

const PARTS = {
  'Email Delivered': {
    eventType: 'Delivery',
    delivery: {
      timestamp: '2026-11-26T09:10:02.500Z',
      processingTimeMillis: 2500,
      recipients: [RECIPIENT],
      smtpResponse: `250 2.6.0 <abc@example.com> queued for ${RECIPIENT}`,
      reportingMTA: 'a8-21.smtp-out.amazonses.com',
    },
  },
  'Email Bounced': {
    eventType: 'Bounce',
    bounce: {
      feedbackId: '0100018d-bounce-000000',
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        {
          emailAddress: RECIPIENT,
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: `smtp; 550 5.7.515 Access denied, sending domain example.com; jane.roe (${RECIPIENT}): ${SUBJECT}`,
        },
      ],
      timestamp: '2026-11-26T09:12:07.000Z',
      reportingMTA: 'dns; a8-21.smtp-out.amazonses.com',
    },
  },
  'Email Complaint Received': {
    eventType: 'Complaint',
    complaint: {
      feedbackId: '0100018d-complaint-000000',
      complaintSubType: null,
      complainedRecipients: [{ emailAddress: RECIPIENT }],
      timestamp: '2026-11-26T09:14:00.000Z',
      userAgent: 'ExampleCorp Feedback Loop (V0.01)',
      complaintFeedbackType: 'abuse',
    },
  },
  'Email Delivery Delayed': {
    eventType: 'DeliveryDelay',
    deliveryDelay: {
      timestamp: '2026-11-26T09:11:00.000Z',
      delayType: 'MailboxFull',
      expirationTime: '2026-11-26T23:25:59.914Z',
      delayedRecipients: [{ emailAddress: RECIPIENT, status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 over quota' }],
    },
  },
  'Email Rejected': { eventType: 'Reject', reject: { reason: 'Bad content' } },
} as const;

export type SesType = keyof typeof PARTS;
export const SES_TYPES = Object.keys(PARTS) as SesType[];

interface Changes {
  /** Tells one message from another. */
  readonly message?: string;
  readonly at?: string;
  readonly recipients?: readonly string[];
  readonly mail?: object;
  readonly part?: object;
}

const PART_NAMES: Readonly<Record<SesType, string>> = {
  'Email Delivered': 'delivery',
  'Email Bounced': 'bounce',
  'Email Complaint Received': 'complaint',
  'Email Delivery Delayed': 'deliveryDelay',
  'Email Rejected': 'reject',
};

export function sesEvent(type: SesType, { message, at, recipients, mail: more, part }: Changes = {}): object {
  const name = PART_NAMES[type];
  const { [name]: own, ...rest } = PARTS[type] as unknown as Readonly<Record<string, object>>;
  const id = message ?? mail.messageId;
  const addresses = recipients ?? [RECIPIENT];
  return {
    version: '0',
    id: crypto.randomUUID(),
    'detail-type': type,
    source: 'aws.ses',
    account: '123456789012',
    time: at ?? '2026-11-26T09:12:08Z',
    region: 'us-east-1',
    resources: ['arn:aws:ses:us-east-1:123456789012:configuration-set/example'],
    detail: {
      ...rest,
      mail: { ...mail, messageId: id, destination: addresses, ...more },
      [name]: {
        ...own,
        ...(at === undefined || name === 'reject' ? {} : { timestamp: at }),
        ...(recipients === undefined ? {} : recipientsOf(name, own, addresses)),
        ...part,
      },
    },
  };
}

function recipientsOf(name: string, own: object | undefined, addresses: readonly string[]): object {
  if (name === 'delivery') return { recipients: addresses };
  const key = { bounce: 'bouncedRecipients', complaint: 'complainedRecipients', deliveryDelay: 'delayedRecipients' }[
    name
  ];
  if (key === undefined) return {};
  const [first] = (own as Readonly<Record<string, readonly object[]>>)[key] ?? [];
  return { [key]: addresses.map((emailAddress) => ({ ...first, emailAddress })) };
}
