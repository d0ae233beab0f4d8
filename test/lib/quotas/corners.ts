import type { Config } from '../../../lambda/config/config.ts';
import type { StatusPage } from '../../../lambda/config/page/status-page.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import { regionNames } from '../../../lambda/config/schema/aws-regions.ts';
import { partitionOf } from '../../../lib/naming/partition.ts';
import type { FleetSettings } from '../../../lib/quotas/quota-inputs.ts';

/** How large a fleet is. */
export interface Size {
  readonly name?: string;
  readonly partition?: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly vantages: number;
  readonly targets: number;
  readonly secrets?: number;
  readonly secretName?: (nth: number) => string;
  readonly emails?: number;
  readonly sms?: number;
  readonly webhooks?: number;
  readonly ports?: number;
  readonly secondOpinion?: boolean;
  /** How many of the targets are domains. */
  readonly domains?: number;
  readonly family?: 4 | 'each';
  /** Events of Amazon SES are counted. */
  readonly ses?: true;
  /** Services of PagerDuty, each with a key of its own. With any, there is a call and a room of Amazon Q, too. */
  readonly services?: number;
  /** Domains whose posture is watched. */
  readonly postures?: number;
  /** Each with a secret of its own. */
  readonly bounceMailboxes?: number;
  /** Round trips, each with two secrets of its own. */
  readonly trips?: number;
  /** Name of the secret with the key of each. */
  readonly tripKey?: string;
  /** A status page on AWS. With `private`, a password and two ranges of addresses. */
  readonly page?: 'public' | 'private';
  /** Whether lists are asked with keys. */
  readonly listKeys?: boolean;
}

export const longName = `a${'b'.repeat(39)}`;

/** A config of that size. A region has one vantage, so there are as many vantages as regions at most. */
export function fleetOf(size: Size): Config {
  const { name = 'smtp-quorum', partition = 'aws', emails = 1, sms = 0, webhooks = 0, ports = 1 } = size;
  const { targets, domains = 0, family = 4, secrets = 0, secretName = (nth) => `smtp/probe/${nth}` } = size;
  const regions = regionNames.filter((region) => partitionOf(region) === partition).slice(0, size.vantages);
  const times = <One>(many: number, each: (nth: number) => One) => Array.from({ length: many }, (_, nth) => each(nth));
  const written = {
    name,
    home: regions[0],
    vantages: regions,
    ehloName: 'probe.example.com',
    control: 'mail.example.net:25',
    ...(size.secondOpinion === undefined ? {} : { secondOpinion: size.secondOpinion }),
    notify: [
      ...times(emails, (nth) => ({ email: `ops${nth}@example.com` })),
      ...times(sms, (nth) => ({ sms: `+1555555${String(nth).padStart(4, '0')}` })),
      ...times(size.services ?? 0, (nth) => ({ pagerduty: { routingKey: { secret: `pagerduty/key${nth}` } } })),
      ...(size.services
        ? [
            { phone: { number: '+15555550100', from: '+15555550101' } },
            { amazonQ: { topicArn: `arn:aws:sns:${regions[0]}:123456789012:mail-chat` } },
            { webhook: 'https://hooks.example.com/signed', signature: { secret: 'hooks/key' } },
          ]
        : []),
      ...times(webhooks, (nth) => ({ webhook: `https://hooks.example.com/${nth}` })),
    ],
    targets: [{ id: 'target', host: 'mx.example.com', port: 587 }],
    ...(size.postures ? { posture: times(size.postures, (nth) => ({ domain: `example${nth}.com` })) } : {}),
    ...(size.trips
      ? {
          roundTrips: times(size.trips, (nth) => ({
            id: `trip${nth}`,
            send: { via: 'target', from: 'a@example.com', to: 'b@example.net' },
            receive: { host: 'imap.example.net', auth: { user: 'b', password: { secret: `trips/seed${nth}` } } },
            key: { secret: size.tripKey ?? `trips/key${nth}` },
          })),
        }
      : {}),
    ...(size.ses || size.bounceMailboxes
      ? {
          bounces: {
            sources: [...(size.ses ? [{ ses: true }] : []), ...times(size.bounceMailboxes ?? 0, bounceMailbox)],
          },
        }
      : {}),
    ...(size.listKeys
      ? { listKeys: { spamhaus: { secret: 'lists/spamhaus' }, abusix: { secret: 'lists/abusix' } } }
      : {}),
  };
  // JSON is YAML, too.
  const parsed = parseConfig(JSON.stringify(written), 'corner.yaml', () => '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  // One target is parsed, and copied: to parse thousands takes seconds.
  const copies = times(Math.max(targets, secrets), (nth) =>
    parsed.config.targets.map((target) => ({
      ...target,
      id: `target-${nth}`,
      host: `mx${nth}.example.com`,
      port: 587 + (nth % ports),
      domain: nth < domains ? `example${nth}.com` : null,
      family,
      ...(nth < secrets ? { auth: { user: 'probe', password: { secret: secretName(nth) } } } : {}),
    })),
  );
  return { ...parsed.config, targets: copies.flat(), ...(size.page ? { statusPage: PAGES[size.page] } : {}) };
}

const PAGES: Readonly<Record<'public' | 'private', StatusPage>> = {
  public: { access: 'public' },
  private: {
    access: 'private',
    domain: 'status.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
    allow: ['192.0.2.0/24', '2001:db8::/32'],
    password: { secret: 'page/password' },
  },
};

function bounceMailbox(nth: number): object {
  const password = { secret: `bounces/mailbox${nth}` };
  return { mailbox: { host: 'imap.example.com', user: `bounces${nth}@example.com`, password } };
}

/** Corners of what people may write, by what is large about them. */
export const corners: Readonly<Record<string, readonly [Size, FleetSettings]>> = {
  'the smallest': [{ name: 'a', vantages: 1, targets: 1 }, {}],
  'the smallest, with nobody to tell': [{ name: 'a', vantages: 1, targets: 1, emails: 0 }, {}],
  'the usual': [{ vantages: 3, targets: 20, secrets: 2, sms: 1, webhooks: 1 }, {}],
  'posture of a domain': [{ vantages: 3, targets: 2, postures: 1, sms: 1 }, {}],
  'posture of many domains, with keys of lists, a long name and keys of one’s own': [
    { name: longName, vantages: 2, targets: 2, postures: 100, listKeys: true },
    { secretKeys: ['arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'] },
  ],
  'a round trip': [{ vantages: 3, targets: 2, trips: 1 }, {}],
  'a round trip in a VPC': [
    { vantages: 2, targets: 2, trips: 1 },
    { egress: { 'af-south-1': 'vpc', 'ap-east-1': { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] } } },
  ],
  'twenty round trips with posture': [
    { name: longName, vantages: 2, targets: 2, trips: 20, postures: 3, listKeys: true },
    {},
  ],
  'a public page': [{ vantages: 3, targets: 2, page: 'public' }, {}],
  'a private page, a long name, and everything else': [
    { name: longName, vantages: 3, targets: 2, page: 'private', ses: true, services: 2, postures: 2, sms: 1 },
    {},
  ],
  'bounces of SES': [{ vantages: 3, targets: 2, ses: true }, {}],
  'bounces of SES, posture and a long name': [
    { name: longName, vantages: 3, targets: 2, ses: true, postures: 2, sms: 1 },
    {},
  ],
  'a service': [{ vantages: 3, targets: 2, services: 1 }, {}],
  'many services, a long name and keys of one’s own': [
    { name: longName, vantages: 3, targets: 2, services: 30, sms: 1, ses: true, postures: 2, listKeys: true },
    { secretKeys: ['arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'] },
  ],
  'a bounce mailbox': [{ vantages: 3, targets: 2, bounceMailboxes: 1 }, {}],
  'ten bounce mailboxes, SES, a long name and keys of one’s own': [
    { name: longName, vantages: 3, targets: 2, bounceMailboxes: 10, ses: true, postures: 2, trips: 2 },
    { secretKeys: ['arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'] },
  ],
  'posture in a single region': [{ vantages: 1, targets: 2, postures: 1 }, {}],
  'posture in China': [{ partition: 'aws-cn', vantages: 2, targets: 3, postures: 3, listKeys: true }, {}],
  'every region': [{ vantages: 40, targets: 5 }, {}],
  'every region, a long name and every channel': [
    { name: longName, vantages: 40, targets: 5, emails: 9, sms: 9, webhooks: 9 },
    {},
  ],
  '40 webhooks': [{ name: longName, vantages: 2, targets: 1, webhooks: 40 }, {}],
  '40 secrets, all of them inline': [
    { vantages: 2, targets: 40, secrets: 40 },
    { secretKeys: ['arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012'] },
  ],
  '120 secrets, where the policies of the release before failed': [
    { name: longName, vantages: 2, targets: 120, secrets: 120 },
    {},
  ],
  '500 secrets in managed policies': [{ vantages: 2, targets: 500, secrets: 500 }, {}],
  '500 secrets by their prefix': [{ vantages: 2, targets: 500, secrets: 500 }, { secretPrefix: 'smtp/' }],
  'secrets with names as long as can be': [
    { vantages: 2, targets: 60, secrets: 60, secretName: (nth) => `${nth}-`.padEnd(500, 'x') },
    {},
  ],
  'a VPC, and 59 ports': [
    { name: longName, vantages: 3, targets: 59, ports: 57 },
    { egress: { 'af-south-1': 'vpc', 'ap-east-1': { existingVpc: 'vpc-12345678', subnets: ['subnet-12345678'] } } },
  ],
  China: [{ name: longName, partition: 'aws-cn', vantages: 2, targets: 3, secrets: 1, emails: 5 }, {}],
  GovCloud: [{ partition: 'aws-us-gov', vantages: 2, targets: 3, secrets: 1, sms: 2 }, { formerBuses: 'drop' }],
  'without second opinions': [{ vantages: 5, targets: 3, secondOpinion: false }, {}],
};
