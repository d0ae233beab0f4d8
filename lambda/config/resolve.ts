/** Applies all defaults to a validated config. */
import { type Policy, policyDefaults } from '../consensus/judgement/policy.ts';
import { LIMITS } from '../smtp/bounds/limits.ts';
import { defaultSecurity } from '../smtp/endpoint/endpoint.ts';
import type { Expectations } from '../smtp/endpoint/expectations.ts';
import { answerSettings } from './answers/answer-settings.ts';
import { bounceSettings } from './bounce-settings.ts';
import type { SecretReference } from './channel.ts';
import type { Config, MailRelay, Target } from './config.ts';
import { defaultEhloName } from './ehlo-name.ts';
import { type PageLogo, statusPageOf } from './page/status-page.ts';
import { maintenanceOf } from './resolve-maintenance.ts';
import { channelOf } from './resolve-notify.ts';
import { listKeyReferences, postureDomains } from './resolve-posture.ts';
import { roundTripsOf } from './resolve-round-trips.ts';
import { localVantage } from './schema/aws-regions.ts';
import { drillOf } from './schema/notify/drill.ts';
import type { CheckedRelay } from './schema/outgoing-mail-server.ts';
import { type CheckedConfig, type CheckedTarget, policySettings } from './schema/schema.ts';
import { email } from './schema/values.ts';

/** The PEM of each `ca` file, by its path as written. */
export type Authorities = ReadonlyMap<string, string>;

export function resolveConfig(checked: CheckedConfig, authorities: Authorities, logo?: PageLogo): Config {
  const targets = checked.targets.map((target) => targetOf(target, checked, authorities.get(target.ca ?? '')));
  const config: Config = {
    version: 1,
    name: checked.name,
    home: checked.home ?? checked.vantages[0] ?? localVantage,
    ...(checked.home === undefined && !checked.vantages.includes(localVantage) ? { homeByDefault: true } : {}),
    ehloName: checked.ehloName ?? defaultEhloName(),
    control: checked.control === undefined ? null : hostAndPort(checked.control),
    policy: { ...policyOf(checked), ...slowestProbe(checked) },
    notify: checked.notify.map(channelOf),
    ...omitUndefined({
      resolver: checked.resolver,
      answers: answerSettings(checked.answers),
      drill: drillOf(checked.drill),
      heartbeat: checked.heartbeat,
      smtp: checked.smtp && relayOf(checked.smtp),
    }),
    targets,
    ...omitUndefined({ maintenance: maintenanceOf(checked.maintenance) }),
    ...omitUndefined({ posture: postureDomains(checked), listKeys: listKeyReferences(checked) }),
    ...omitUndefined({ roundTrips: roundTripsOf(checked.roundTrips, targets, (path) => authorities.get(path)) }),
    ...omitUndefined({ bounces: bounceSettings(checked.bounces, (path) => authorities.get(path)) }),
    ...omitUndefined({ statusPage: statusPageOf(checked.statusPage, logo) }),
  };
  // JSON has no `undefined`: without it the config equals its copy that was sent as JSON.
  return JSON.parse(JSON.stringify(config)) as Config;
}

function hostAndPort(written: string): { host: string; port: number } {
  const match = /^(.*?)(?::(\d+))?$/.exec(written);
  return { host: match?.[1] ?? written, port: Number(match?.[2] ?? 25) };
}

function policyOf({ vantages, every, quorum, ...written }: CheckedConfig): Policy {
  const defaults = policyDefaults(vantages.length, written.secondOpinion);
  const settings = policySettings.flatMap((key) => (written[key] === undefined ? [] : [[key, written[key]]]));
  return { vantages, every, ...defaults, quorum, ...Object.fromEntries(settings) };
}

/** A probe waits for the reply to QUIT beyond its deadline. */
function slowestProbe({ every, targets }: CheckedConfig): Pick<Policy, 'slowest'> {
  const slowest = Math.max(...targets.map(({ timeout }) => timeout)) + LIMITS.quit;
  return slowest <= every ? {} : { slowest };
}

function relayOf({ host, port, user, password, from, ...written }: CheckedRelay): MailRelay {
  const isAddress = email().safeParse(user).success;
  return {
    host,
    port,
    security: written.security ?? (port === 465 ? 'tls' : user === undefined ? 'starttls-if-offered' : 'starttls'),
    credentials: user === undefined || password === undefined ? null : { user, password },
    from: from ?? (user !== undefined && isAddress ? user : null),
  };
}

function targetOf(
  { ca: _file, auth, expect, ...written }: CheckedTarget,
  { slo }: CheckedConfig,
  ca: string | undefined,
): Target {
  return {
    ...(written as Omit<typeof written, 'serverName' | 'mailFrom' | 'rcptTo' | 'deliver' | 'slo' | 'tags' | 'behind'>),
    ...omitUndefined({ serverName: written.serverName, mailFrom: written.mailFrom, rcptTo: written.rcptTo }),
    ...omitUndefined({ deliver: written.deliver, slo: written.slo ?? slo, tags: written.tags, ca }),
    ...omitUndefined({ behind: written.behind }),
    host: written.host ?? null,
    domain: written.domain ?? null,
    security: written.security ?? defaultSecurity(written.port),
    ...(auth === undefined ? {} : { auth: credentialsOf(auth) }),
    ...(expect === undefined ? {} : { expect: expect as Expectations }),
  };
}

function credentialsOf({ user, password, mechanism }: NonNullable<CheckedTarget['auth']>): NonNullable<Target['auth']> {
  const { secret, env } = password;
  const reference: SecretReference = secret === undefined ? { env: env ?? '' } : { secret };
  return { user, password: reference, ...omitUndefined({ mechanism }) };
}

type WithoutUndefined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function omitUndefined<T extends object>(values: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>;
}
