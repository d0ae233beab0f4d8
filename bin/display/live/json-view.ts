import { alertTexts } from '../../../lambda/alert/words/alert-texts.ts';
import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import { asciiJson } from '../../../lambda/alert/words/safe-text.ts';
import { type PostureReport, summaryOfPosture } from '../../../lambda/posture-watch/run-report.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { summaryOfTrips, type TripReport } from '../../../lambda/trip-run/trip-report.ts';
import type { Board } from './board.ts';
import { type LiveChange, openRoundChanges } from './changes.ts';
import type { LateSamplesOfVantage, LiveView } from './live-view.ts';
import type { LiveOutput } from './log-above-board.ts';
import { isWorthTelling } from './trip-lines.ts';

/** One JSON object per line. docs/deploy.md has the keys. */
export function openJsonView(output: LiveOutput, context: AlertContext): LiveView {
  const changes = openRoundChanges();
  const write = (type: string, keys: object) =>
    output.write(`${asciiJson({ at: new Date().toISOString(), type, ...keys })}\n`);
  return {
    say: () => {},
    showRound: (board) => {
      for (const change of changes.next(board)) write('change', changeKeys(change, board.round));
      write('round', roundKeys(board));
    },
    showLateSamples: (late) => {
      for (const change of changes.late(late)) write('change', changeKeys(change, late.round));
      write('late', lateKeys(late));
    },
    showAlert: ({ alert, ...circumstances }) =>
      write('alert', { alert: JSON.parse(alertTexts(alert, context, circumstances).https) }),
    showPosture: (report) => write('posture', postureKeys(report)),
    showTrips: (report) => {
      if (isWorthTelling(report)) write('trips', tripKeys(report));
    },
    showProblem: ({ level, text }) => write('problem', { level, text }),
  };
}

function changeKeys(change: LiveChange, round: string): object {
  const { what, target, from, to } = change;
  if (change.what === 'verdict') return { round, what, target, from, to };
  const { phase, code, reply, detail } = change.sample;
  return { round, what, target, vantage: change.vantage, from, to, phase, code, reply, detail };
}

function roundKeys({ round, number, rows, notices = [] }: Board): object {
  const targets = rows.map(({ target, judgement, samples }) => [
    target,
    { verdict: judgement?.verdict ?? 'unknown', vantages: Object.fromEntries([...samples].map(vantageKeys)) },
  ]);
  return { round, number, targets: Object.fromEntries(targets), notices };
}

function postureKeys(report: PostureReport): object {
  const { level: _, message: _message, ...summary } = summaryOfPosture(report);
  const checked = report.domains.flatMap((one) => (one.kind === 'checked' ? [one] : []));
  return { ...summary, failing: Object.fromEntries(checked.map(({ domain, failing }) => [domain, failing])) };
}

function tripKeys(report: TripReport): object {
  const { level: _, message: _message, ...summary } = summaryOfTrips(report);
  return summary;
}

/** As a round, without verdicts: they are of the rounds. */
function lateKeys({ round, number, vantage, samples }: LateSamplesOfVantage): object {
  const targets = [...samples].map(([target, sample]) => [
    target,
    { vantages: Object.fromEntries([vantageKeys([vantage, sample])]) },
  ]);
  return { round, number, targets: Object.fromEntries(targets) };
}

function vantageKeys([vantage, { outcome, phase, code, total }]: [string, Sample]): [string, object] {
  return [vantage, { outcome, phase, code, total }];
}
