import { receiverSecrets } from '../../lambda/config/channel.ts';
import type { Config } from '../../lambda/config/config.ts';
import { pageSettings } from '../../lambda/config/page/status-page.ts';
import { localVantage, regionNames } from '../../lambda/config/schema/aws-regions.ts';
import { isOnLoopback, parseDnsServer } from '../../lambda/dns/transport/dns-server.ts';
import { partitionOf } from '../naming/partition.ts';
import { type Egress, egressProblem } from '../network/egress-setting.ts';
import { port25Problems } from '../network/port-25.ts';
import { type FleetSettings, publishesPage } from '../quotas/quota-inputs.ts';
import { exceeded } from '../quotas/quota-table.ts';
import { quotasOf } from '../quotas/quotas.ts';

/** All stacks of a deployment, or one of them. */
export type StackKind = 'fleet' | 'home' | 'probe';

/**
 * The reasons why a config cannot be deployed: values that work on one machine only, or else the AWS quotas that it exceeds.
 * Each is a sentence with the change to make.
 */
export function deploymentProblems(
  config: Config,
  settings: FleetSettings = {},
  kind: StackKind = 'fleet',
): readonly string[] {
  const found = configProblems(config, kind === 'fleet' ? egressOfFleet(config, settings) : settings.egress);
  if (found.length > 0) return found;
  const quotas = quotasOf(config, settings);
  return exceeded(kind === 'fleet' ? quotas : quotas.filter(({ stack }) => stack === kind));
}

/** A vantage of a fleet without a setting leaves by the network of Lambda. */
function egressOfFleet({ policy }: Config, { egress = {} }: FleetSettings): Readonly<Record<string, Egress>> {
  return { ...Object.fromEntries(policy.vantages.map((vantage) => [vantage, 'default' as const])), ...egress };
}

/**
 * What a config may say on one machine and not on AWS.
 * @param egress the way out of each vantage, where it is known
 */
export function configProblems(config: Config, egress: Readonly<Record<string, Egress>> = {}): readonly string[] {
  return [
    ...homeHindrances(config),
    ...regionHindrances(config),
    ...roundHindrances(config),
    ...secretHindrances(config),
    ...channelHindrances(config),
    ...tripHindrances(config),
    ...bounceHindrances(config),
    ...resolverHindrances(config),
    ...pageHindrances(config),
    ...egressHindrances(config, egress),
    ...port25Problems(config, egress),
  ];
}

/** The default depends on the order of the vantages, and a change of the home needs its own procedure (docs/deploy.md). */
function homeHindrances({ home, homeByDefault }: Config): readonly string[] {
  if (!homeByDefault) return [];
  return [
    `home: required on AWS, for example \`home: ${home}\`: it is the region of the table, the judge and the alerts, and does not follow the order of the vantages`,
  ];
}

function regionHindrances({ home, policy }: Config): readonly string[] {
  const known = new Set<string>(regionNames);
  const unknown = [home, ...policy.vantages].filter((name) => !known.has(name));
  if (unknown.length > 0)
    return unknown.map(
      (name) => `vantages: ${name} is not an AWS region${name === localVantage ? ', it is one machine' : ''}`,
    );
  const partitions = new Set([home, ...policy.vantages].map(partitionOf));
  if (partitions.size === 1) return [];
  return [
    `vantages: ${[...partitions].join(', ')} are partitions of AWS with accounts of their own: one fleet stays within one`,
  ];
}

function roundHindrances({ policy: { every } }: Config): readonly string[] {
  if (every % 60_000 === 0) return [];
  return [`every: ${every / 1000}s works on one machine only; on AWS a round takes whole minutes`];
}

function channelHindrances({ notify }: Config): readonly string[] {
  return notify.flatMap((channel, index) =>
    receiverSecrets(channel).flatMap((reference) =>
      'env' in reference
        ? [
            `notify[${index}]: a secret by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
          ]
        : [],
    ),
  );
}

function secretHindrances({ targets, listKeys = {} }: Config): readonly string[] {
  const keys = Object.entries(listKeys).flatMap(([name, reference]) =>
    'env' in reference
      ? [
          `listKeys.${name}: a key by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
        ]
      : [],
  );
  const passwords = targets.flatMap(({ id, auth }) =>
    auth && 'env' in auth.password
      ? [
          `targets.${id}: a password by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
        ]
      : [],
  );
  return [...passwords, ...keys];
}

function tripHindrances({ roundTrips = [] }: Config): readonly string[] {
  return roundTrips.flatMap(({ id, send, receive, key }) => {
    const references = [key, receive.auth.password, ...(send.server.auth ? [send.server.auth.password] : [])];
    const isLocal = references.some((reference) => 'env' in reference);
    return [
      ...(isLocal
        ? [
            `roundTrips.${id}: a secret by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
          ]
        : []),
    ];
  });
}

function bounceHindrances({ bounces }: Config): readonly string[] {
  const local = (bounces?.mailboxes ?? []).filter(({ password }) => 'env' in password);
  return local.map(
    ({ endpoint }) =>
      `bounces: the password of the mailbox at ${endpoint.host} by env works on one machine only; put it in Secrets Manager and write { secret: name }`,
  );
}

/** CloudFront with what the page needs of it is in the commercial partition alone. */
function pageHindrances(config: Config): readonly string[] {
  if (!publishesPage(config)) return [];
  const { password } = pageSettings(config, 'aws');
  const partition = partitionOf(config.home);
  return [
    ...(partition === 'aws'
      ? []
      : [
          `statusPage: the page needs CloudFront, which ${partition} does not have as it needs it; write \`access: off\``,
        ]),
    ...(password !== null && 'env' in password
      ? [
          'statusPage.password: a password by env works on one machine only; put it in Secrets Manager and write { secret: name }',
        ]
      : []),
  ];
}

/** A function has no resolver of its own. */
function resolverHindrances({ resolver = [] }: Config): readonly string[] {
  const own = resolver.filter((text) => {
    const server = parseDnsServer(text);
    return server.kind !== 'fault' && isOnLoopback(server);
  });
  return own.map(
    (text) =>
      `resolver: ${text} works on one machine only; on AWS omit it, or write two of different operators with TLS or HTTPS, such as [https://dns.quad9.net/dns-query, https://cloudflare-dns.com/dns-query]`,
  );
}

function egressHindrances({ policy }: Config, egress: Readonly<Record<string, Egress>>): readonly string[] {
  return Object.entries(egress).flatMap(([vantage, way]) => {
    if (!policy.vantages.includes(vantage)) return [`egress: ${vantage} is not a vantage of the config`];
    const fault = egressProblem(way);
    return fault === null ? [] : [`egress.${vantage}: ${fault}`];
  });
}

/** @throws Error that names everything that keeps this config from AWS */
export function checkDeployable(config: Config, settings: FleetSettings = {}, kind: StackKind = 'fleet'): void {
  const found = [...new Set(deploymentProblems(config, settings, kind))];
  if (found.length > 0) throw new Error(`this config cannot be deployed to AWS:\n  ${found.join('\n  ')}`);
}
