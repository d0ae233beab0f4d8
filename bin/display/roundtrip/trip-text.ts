/** One trip as text: outcome, findings, the picture of its hops, and what the receiver says. */
import { safeText as shown } from '../../../lambda/alert/words/safe-text.ts';
import type { RoundTrip } from '../../../lambda/config/round-trip.ts';
import { queueIdOf } from '../../../lambda/trip/hops/trip-hops.ts';
import { TRIP_CODES } from '../../../lambda/trip/verdict/trip-codes.ts';
import type { TripFinding } from '../../../lambda/trip/verdict/trip-verdict.ts';
import type { OneTrip } from '../../../lambda/trip-run/one-trip.ts';
import { colourText } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';
import { waterfall } from '../probe/waterfall.ts';
import { hopPicture } from './hop-picture.ts';

export function oneTripText(trip: RoundTrip, one: OneTrip, withTranscript: boolean, screen: Screen): string {
  const { verdict } = one;
  const outcome = verdict.outcome ?? 'unable';
  const total = verdict.total === null ? '' : `  in the mailbox after ${verdict.total / 1000} s`;
  const title = `${screen.paint.bold(titleOf(trip))}  ${colourText(outcome, outcome, screen.paint)}${total}`;
  const sections = [
    ...verdict.findings.filter(({ outcome: of }) => of !== 'pass').map((finding) => findingLines(finding, screen)),
    pictureOf(one, screen),
    factLines(trip, one, screen),
    withTranscript ? transcriptLines(one) : [],
  ].filter((lines) => lines.length > 0);
  return `${[title, ...sections.map((lines) => lines.map((line) => `  ${line}`).join('\n'))].join('\n\n')}\n`;
}

function titleOf({ send: { server }, receive }: RoundTrip): string {
  return shown(
    `${server.host}:${server.port} → ${receive.host}:${receive.port} (${receive.protocol.toUpperCase()})`,
    200,
  );
}

function findingLines({ code, outcome, detail }: TripFinding, screen: Screen): readonly string[] {
  const { meaning, hint } = TRIP_CODES[code];
  const width = screen.width - 4;
  return [
    `${colourText(outcome, outcome, screen.paint)} ${code}${detail === '' ? '' : `: ${shown(detail, 300)}`}`,
    ...wrapText(`${meaning} ${hint}`, width).map((line) => `  ${line}`),
  ];
}

function pictureOf({ sample, sending, arrivals }: OneTrip, screen: Screen): readonly string[] {
  const [first] = arrivals;
  if (sending.outcome !== 'accepted') return waterfall(sample, screen);
  const hops = first?.hops ?? [];
  return hopPicture({ session: sample.total, accepted: sending.at, hops, seen: first?.seen ?? null }, screen);
}

function factLines(
  { authservId }: RoundTrip,
  { sending, arrivals, readFailure, verdict }: OneTrip,
  screen: Screen,
): readonly string[] {
  const [first] = arrivals;
  const queueId = sending.outcome === 'accepted' ? queueIdOf(sending.reply) : null;
  const results = Object.entries(first?.results ?? {}).map(([method, result]) => `${method}=${result}`);
  const { longest } = verdict;
  const facts: readonly (readonly [string, string])[] = [
    ['reply', sending.outcome === 'accepted' ? sending.reply : ''],
    ['queue id', queueId ?? ''],
    ['folder', first?.folder ?? ''],
    [
      'longest',
      longest === null
        ? ''
        : `${longest.least / 1000} s ${longest.host === null ? '' : `at ${longest.host} `}before ${longest.next ?? 'the mailbox'}`,
    ],
    ['results', results.length === 0 ? '' : `${results.join(' ')} (${authservId ?? ''})`],
    ...(first?.alterations ?? []).map(({ code, detail }) => ['altered', `${code}: ${detail}`] as const),
    ['mailbox', readFailure === null ? '' : `${readFailure.code} (${readFailure.phase}): ${readFailure.detail}`],
  ];
  return facts
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${screen.paint.dim(name.padEnd(12))}${shown(text, 300)}`);
}

function transcriptLines({ sample, transcript }: OneTrip): readonly string[] {
  const both = ['Transcript of the server', ...sample.transcript, 'Transcript of the mailbox', ...transcript];
  return both.map((line) => shown(line, 300));
}
