import { Command } from 'commander';
import { awsChannels, localChannels } from '../../../lambda/alert/delivery/configured-channels.ts';
import { type WhoContext, whoIsTold } from '../../../lambda/alert/routing/who.ts';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { nextStart } from '../../../lambda/calendar/hours.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { localVantage } from '../../../lambda/config/schema/aws-regions.ts';
import { type AlertTopic, alertTopics } from '../../../lambda/config/schema/selectable-alert-kinds.ts';
import type { Alert } from '../../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import { severityOf } from '../../../lambda/consensus/notification/severity.ts';
import { plannedByConfig } from '../../../lambda/judge/routing/planned-time.ts';
import { alertTarget, routingContext } from '../../../lambda/judge/routing/routing-context.ts';
import { closestWord } from '../../../lambda/standards/spelling.ts';
import { channelLabels } from '../../alerts/channel-ids-and-labels.ts';
import { DEFAULT_CONFIG, readConfig } from '../../arguments/config-file.ts';
import { weekTimeArgument } from '../../arguments/planned/week-time.ts';
import { UsageError } from '../../arguments/usage-error.ts';
import { screenOf } from '../../display/layout/screen.ts';
import { whoDocument, whoLines } from '../../display/planned/who.ts';

interface WhoOptions {
  readonly at?: string;
  readonly config: string;
  readonly json?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum who mx1                          who is told when mx1 is down, now
  smtp-quorum who mx1 degraded --at 'Sun 03:00'
  smtp-quorum who example.com listed

Reads the config alone: maintenance windows count, mutes do not ('smtp-quorum mutes' lists them).`;

export function whoCommand(): Command {
  return new Command('who')
    .argument('<name>', 'target, domain or round trip')
    .argument('[topic]', `what happens to it: ${alertTopics.filter((topic) => topic !== 'recovered').join(', ')}`)
    .option('--at <time>', "when it begins: 'Sun 03:00', or 2026-11-27T08:00 (default: now)")
    .option('-c, --config <file>', 'config file', DEFAULT_CONFIG)
    .option('--json', 'print one line of JSON for each entry of notify')
    .option('--utc', 'times in UTC instead of the local time zone')
    .addHelpText('after', HELP)
    .action(run);
}

function run(name: string, topic: string | undefined, options: WhoOptions): void {
  const config = readConfig(options.config);
  const clock = { now: Math.floor(Date.now() / 1000) * 1000, utc: options.utc === true };
  const begins = options.at === undefined ? clock.now : weekTimeArgument(options.at, '--at', clock);
  const alert = alertOf(config, name, topic, begins);
  const channels = config.policy.vantages.includes(localVantage) ? localChannels(config) : awsChannels(config);
  const contextAt = (now: number) =>
    routingContext({ config, channels, isDown: () => false, planned: plannedByConfig(config, now) });
  const holdOf: WhoContext['holdOf'] = (held, now) => contextAt(now).holdOf(held, now);
  const told = whoIsTold(alert, { ...contextAt(begins), holdOf, nextStart }, begins);
  const labelOf = channelLabels(config);
  const shown = { alert, severity: severityOf(alert), told, begins, behind: alertTarget(config, alert)?.behind ?? [] };
  const lines = options.json
    ? told.map((one) => asciiJson(whoDocument(one, shown)))
    : whoLines({ ...shown, labelOf, clock }, screenOf(process.stdout));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** The first alert of such an incident. @throws UsageError */
function alertOf(config: Config, name: string, written: string | undefined, begins: number): Alert {
  const topic = topicOf(config, name, written);
  const at = isoSeconds(begins);
  const isOfDomain = ['listed', 'posture', 'trip', 'bounces'].includes(topic);
  return {
    ...{ id: `${name}@${at}#1-${topic}`, kind: topic, subject: name, at, was: 'up', is: VERDICTS[topic] ?? 'degraded' },
    ...{ incident: null, votes: [], reason: '' },
    ...(isOfDomain ? { posture: { findings: [], more: 0, warnings: [] } } : {}),
  };
}

type Beginning = Exclude<AlertTopic, 'recovered'>;

const VERDICTS: Readonly<Partial<Record<Beginning, Alert['is']>>> = {
  down: 'down',
  unknown: 'unknown',
  blind: 'unknown',
  changed: 'up',
};

function topicOf(config: Config, name: string, written: string | undefined): Beginning {
  const [usual = null] = topicsOfName(config, name);
  if (written === undefined) {
    if (usual === null) throw new UsageError(unknownName(config, name));
    return usual;
  }
  if (written === 'recovered')
    throw new UsageError("the end of an incident goes to who was told of it: ask for its beginning, such as 'down'");
  const topic = alertTopics.find((one) => one === written);
  const meant = closestWord(written, alertTopics);
  if (topic === undefined || topic === 'recovered')
    throw new UsageError(
      `'${written}' is no topic; ${meant === null ? alertTopics.join(', ') : `did you mean '${meant}'?`}`,
    );
  // Any domain may send mail, and a vantage is in no list of names.
  if (usual === null && topic !== 'bounces' && !config.policy.vantages.includes(name))
    throw new UsageError(unknownName(config, name));
  const possible = topicsOfName(config, name);
  if (topic !== 'bounces' && !possible.includes(topic))
    throw new UsageError(`there are no alerts of '${topic}' about '${name}'; there are: ${possible.join(', ')}`);
  return topic;
}

/** What alerts about it are of, the usual one first; none if the config does not have it. A domain may have the name of a target. */
function topicsOfName({ targets, posture = [], roundTrips = [], policy }: Config, name: string): readonly Beginning[] {
  const topics: Beginning[] = [];
  if (targets.some(({ id }) => id === name)) topics.push('down', 'degraded', 'unknown', 'changed');
  if (posture.some(({ domain }) => domain === name)) topics.push('listed', 'posture');
  if (roundTrips.some(({ id }) => id === name)) topics.push('trip');
  if (policy.vantages.includes(name)) topics.push('blind');
  return topics;
}

function unknownName({ targets, posture = [], roundTrips = [] }: Config, name: string): string {
  const names = [
    ...targets.map(({ id }) => id),
    ...posture.map(({ domain }) => domain),
    ...roundTrips.map(({ id }) => id),
  ];
  const meant = closestWord(name, names);
  return `the config has no '${name}'; ${meant === null ? `known: ${names.slice(0, 10).join(', ')}` : `did you mean '${meant}'?`}`;
}
