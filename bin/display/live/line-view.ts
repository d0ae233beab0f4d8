import type { AlertContext } from '../../../lambda/alert/words/first-line.ts';
import type { Screen } from '../layout/screen.ts';
import { painted } from '../layout/wrap.ts';
import { alertLines } from './alert.ts';
import { changeParts, openRoundChanges } from './changes.ts';
import { openHourlySummary } from './hourly-summary.ts';
import type { LiveView } from './live-view.ts';
import type { LiveOutput } from './log-above-board.ts';
import { noticeParts, openNoticeChanges } from './notice-lines.ts';
import { openPostureChanges, postureParts } from './posture-changes.ts';
import { problemParts } from './problem.ts';
import { openTripChanges, tripParts } from './trip-lines.ts';

/** In a pipe or a file: a line per change and per problem, the alerts, and a summary each hour. */
export function openLineView(output: LiveOutput, screen: Screen, context: AlertContext): LiveView {
  const changes = openRoundChanges();
  const postures = openPostureChanges();
  const trips = openTripChanges();
  const notices = openNoticeChanges();
  const summary = openHourlySummary();
  const write = (...lines: readonly string[]) => {
    if (lines.length > 0) output.write(lines.map((line) => `${line}\n`).join(''));
  };
  return {
    say: write,
    showRound: (board) => {
      const changed = changes.next(board);
      write(...changed.map((change) => painted(changeParts(change, board.round, screen))));
      write(...notices.next(board).map((text) => painted(noticeParts(text, board.round, screen))));
      write(...summary.afterRound(board, changed.length));
    },
    showLateSamples: (late) => {
      const changed = changes.late(late);
      write(...changed.map((change) => painted(changeParts(change, late.round, screen))));
      summary.count(changed.length);
    },
    showAlert: (message) => write('', ...alertLines(message, context, screen), ''),
    showPosture: (report) => write(...postures.next(report).map((change) => painted(postureParts(change, screen)))),
    showTrips: (report) => write(...trips.next(report).map((change) => painted(tripParts(change, screen)))),
    showProblem: (problem) => write(painted(problemParts(problem, screen))),
  };
}
