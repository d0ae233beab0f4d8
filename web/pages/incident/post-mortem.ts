/** An incident as Markdown, to begin a post-mortem with: what is known is filled in, what people have to write has a heading. */

import { durationText } from '../../../lambda/alert/words/time-text.ts';
import type {
  AlertsSnapshot,
  ChapterSnapshot,
  IncidentSnapshot,
  StatementSnapshot,
  ToldSnapshot,
  VotesSnapshot,
  WitnessSnapshot,
} from '../../../lambda/reports/snapshot/snapshot.ts';
import { fenceMarkdown, quoteMarkdown, tableMarkdown, escapeMarkdown as text } from '../../markup/markdown.ts';
import { utcSecond } from '../words.ts';
import {
  ALERTS_GONE,
  alertStateText,
  alertText,
  cellText,
  channelText,
  countedChannels,
  countOfVotes,
  NOBODY_TOLD,
  stateText,
  toldText,
  VOTES_GONE,
  verdictText,
} from './incident-words.ts';

/** @param at ISO 8601 UTC: now */
export function postMortem(incident: IncidentSnapshot, at: string): string {
  const { id, target, opened, closed, verdict, acknowledged, timeline } = incident;
  const length = durationText(Date.parse(closed ?? at) - Date.parse(opened));
  const facts = [
    `# ${text(target)}: incident of ${utcSecond(opened)}`,
    [
      `- Incident: ${text(id)}`,
      `- From ${utcSecond(opened)} ${closed === null ? `until now (${utcSecond(at)}), still open` : `to ${utcSecond(closed)}`}: ${length}`,
      `- Verdict of the quorum: ${verdict}`,
      ...(acknowledged === null
        ? []
        : [
            `- Acknowledged${acknowledged.by === null ? '' : ` by ${text(acknowledged.by)}`}, ${utcSecond(acknowledged.at)}`,
          ]),
    ].join('\n'),
    '## Summary\n\n_To be written: what senders and recipients noticed, and for how long._',
    section('Words during the incident', incident.statements.map(statement)),
    section('Timeline', [
      tableMarkdown(
        ['Time', 'What'],
        timeline.map((line) => [utcSecond(line.at), text(line.what)]),
      ),
    ]),
    section('Evidence', [...incident.chapters.flatMap(chapter), ...incident.witnesses.map(witness)]),
    section('Votes', votes(incident.votes)),
    section('Alerts', alerts(incident.alerts)),
    '## Cause\n\n_To be written._',
    '## What is done about it\n\n- [ ] _To be written._',
  ];
  return `${facts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : [`## ${title}`, ...parts].join('\n\n');
}

function statement({ at, by, state, text: words }: StatementSnapshot): string {
  return `**${stateText(state)}**, ${utcSecond(at)}${by === null ? '' : `, by ${text(by)}`}\n\n${quoteMarkdown(words)}`;
}

function chapter({ number, from, to, phase, code, witnesses }: ChapterSnapshot): readonly string[] {
  const until = to === null ? '' : ` to ${utcSecond(to)}`;
  const what = [phase, code]
    .filter((word) => word !== null)
    .map(text)
    .join(', ');
  return [
    `### Chapter ${number}: ${what || 'too few vantages voted'}, ${utcSecond(from)}${until}`,
    ...witnesses.map(witness),
  ];
}

function witness({ vantage, from, to, phase, code, reply, detail, transcript }: WitnessSnapshot): string {
  const what = [phase, code, detail]
    .filter((word) => word !== null)
    .map(text)
    .join(', ');
  return [
    `**${text(vantage)}**: ${what || 'no failure'}. First ${utcSecond(from)}${to === null ? '' : `, last ${utcSecond(to)}`}.`,
    ...(reply === null ? [] : [quoteMarkdown(reply.trimEnd())]),
    ...(transcript.length === 0 ? [] : [fenceMarkdown(transcript)]),
  ].join('\n\n');
}

function votes(given: VotesSnapshot | null): readonly string[] {
  if (given === null) return [];
  if (given.moments.length === 0) return [VOTES_GONE];
  const { vantages, moments, gap } = given;
  const rows = moments.map((moment) => [
    utcSecond(moment.at),
    ...vantages.map((_, nth) => cellText(moment, nth)),
    countOfVotes(moment),
    verdictText(moment),
  ]);
  const blank = ['…', ...vantages.map(() => ''), '', ''];
  const shown = gap === null ? rows : [...rows.slice(0, gap), blank, ...rows.slice(gap)];
  return [tableMarkdown(['Round', ...vantages.map(text), 'Votes for down', 'Verdict'], shown)];
}

function alerts(given: AlertsSnapshot | null): readonly string[] {
  if (given === null) return [];
  if (given.expired) return [ALERTS_GONE];
  if (given.sent.length === 0 && given.told.length === 0) return [NOBODY_TOLD];
  const counted = countedChannels(given).map((told) => `- ${text(toldText(told))}, ${spanText(told)}`);
  return [...(counted.length === 0 ? [] : [counted.join('\n')]), ...alertsTable(given.sent)];
}

function spanText({ first, last }: ToldSnapshot): string {
  return first === last ? utcSecond(first) : `${utcSecond(first)} to ${utcSecond(last)}`;
}

function alertsTable(sent: AlertsSnapshot['sent']): readonly string[] {
  if (sent.length === 0) return [];
  const rows = sent.map((alert) => [
    utcSecond(alert.at),
    text(alertText(alert)),
    text(channelText(alert.channel)),
    alertStateText(alert),
  ]);
  return [tableMarkdown(['Time', 'Alert', 'Channel', 'State'], rows)];
}
